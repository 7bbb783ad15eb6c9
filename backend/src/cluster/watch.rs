//! Changes in the cluster as they happen. They only say where to look; what is there is read again.

use std::{
    collections::{BTreeSet, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

use domain::provisioning::{INSTANCE_LABEL, ObjectKind};
use futures::{Stream, StreamExt, stream};
use kube::{
    Api, Client,
    api::{ApiResource, DynamicObject},
    runtime::{
        WatchStreamExt,
        watcher::{self, Event, watcher},
    },
};
use serde_json::{Value, json};

use super::{Cluster, probe::accelerators};

/// What a change means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Something that we wrote may differ now.
    Changed { namespace: String },
    /// Only what the cluster itself reports has moved.
    Reported { namespace: String },
}

/// What one watch knows of the objects it selects, so that a new list after a break shows what was missed.
#[derive(Debug, Default)]
pub(crate) struct Watched {
    known: HashMap<String, Known>,
    listing: Option<HashMap<String, Known>>,
    /// The first list only says what there is.
    listed_once: bool,
}

#[derive(Clone, Debug)]
struct Known {
    namespace: String,
    written: u64,
    reported: u64,
}

impl Cluster {
    /// Objects of one kind that carry this installation's label. One whose label was removed arrives as deleted.
    pub(crate) fn watch_ours(
        &self,
        kind: ObjectKind,
        instance: &str,
    ) -> impl Stream<Item = Event<DynamicObject>> + use<> {
        let config = watcher::Config::default().labels(&format!("{INSTANCE_LABEL}={instance}"));
        self.watch(kind.group(), kind.as_str(), kind.plural(), config)
    }

    /// The accelerators of each node as it appears or changes.
    pub(crate) fn watch_node_accelerators(&self) -> impl Stream<Item = BTreeSet<String>> + use<> {
        self.watch("", "Node", "nodes", watcher::Config::default()).filter_map(async |event| match event {
            Event::Apply(node) | Event::InitApply(node) => Some(accelerators(&as_json(&node))),
            Event::Delete(_) | Event::Init | Event::InitDone => None,
        })
    }

    pub(super) fn watch(
        &self,
        group: &str,
        kind: &str,
        plural: &str,
        config: watcher::Config,
    ) -> impl Stream<Item = Event<DynamicObject>> + use<> {
        let (cluster, kind_name) = (self.name.clone(), kind.to_owned());
        self.watch_with_breaks(group, kind, plural, config).filter_map(move |event| {
            let event =
                event.inspect_err(|error| tracing::debug!(cluster, kind = kind_name, %error, "watch broke off"));
            async move { event.ok() }
        })
    }

    /// The same with every break, after which the watch goes on where it was or lists again.
    pub(super) fn watch_with_breaks(
        &self,
        group: &str,
        kind: &str,
        plural: &str,
        config: watcher::Config,
    ) -> impl Stream<Item = Result<Event<DynamicObject>, watcher::Error>> + use<> {
        let resource = resource(group, kind, plural);
        self.renewed(move |client| watcher(Api::all_with(client, &resource), config.clone()).default_backoff())
    }

    /// The events of a watch that begins anew, with a list, when there is another credential.
    pub(super) fn renewed<W, S: Stream>(&self, watch: W) -> impl Stream<Item = S::Item> + use<W, S>
    where
        W: Fn(Client) -> S,
    {
        let watches = stream::unfold((self.credential.follow(), watch), async |(mut clients, watch)| {
            let client = clients.borrow_and_update().client.clone();
            let mut next = clients.clone();
            let events = watch(client).take_until(async move {
                if next.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            });
            Some((events, (clients, watch)))
        });
        watches.flatten()
    }
}

pub(super) fn resource(group: &str, kind: &str, plural: &str) -> ApiResource {
    ApiResource {
        group: group.to_owned(),
        version: "v1".to_owned(),
        api_version: if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") },
        kind: kind.to_owned(),
        plural: plural.to_owned(),
    }
}

impl Watched {
    /// Takes in an event and says what it means.
    pub(crate) fn take(&mut self, event: Event<DynamicObject>) -> Vec<Seen> {
        match event {
            Event::Init => {
                self.listing = Some(HashMap::new());
                Vec::new()
            }
            Event::InitApply(object) => {
                let (uid, now) = known(&object);
                let seen = if self.listed_once { moved(self.known.get(&uid), &now) } else { None };
                self.listing.get_or_insert_default().insert(uid, now);
                seen.into_iter().collect()
            }
            Event::InitDone => self.end_listing(),
            Event::Apply(object) => {
                let (uid, now) = known(&object);
                let seen = moved(self.known.get(&uid), &now);
                self.known.insert(uid, now);
                seen.into_iter().collect()
            }
            Event::Delete(object) => {
                let (uid, gone) = known(&object);
                self.known.remove(&uid);
                vec![Seen::Changed { namespace: gone.namespace }]
            }
        }
    }

    fn end_listing(&mut self) -> Vec<Seen> {
        let listed = self.listing.take().unwrap_or_default();
        let missed = self.known.iter().filter(|(uid, _)| !listed.contains_key(*uid));
        let seen = missed.map(|(_, gone)| Seen::Changed { namespace: gone.namespace.clone() }).collect();
        self.known = listed;
        self.listed_once = true;
        seen
    }
}

fn moved(before: Option<&Known>, now: &Known) -> Option<Seen> {
    let namespace = now.namespace.clone();
    match before {
        Some(before) if before.written == now.written && before.reported == now.reported => None,
        Some(before) if before.written == now.written => Some(Seen::Reported { namespace }),
        _ => Some(Seen::Changed { namespace }),
    }
}

fn known(object: &DynamicObject) -> (String, Known) {
    let metadata = &object.metadata;
    let namespace = metadata.namespace.clone().or_else(|| metadata.name.clone()).unwrap_or_default();
    let mut written = as_json(object);
    let mut status = written["status"].take();
    // Whether a quota is enforced counts as written: access waits for it.
    written["status"] = json!({ "hard": status["hard"].take() });
    for noise in ["managedFields", "resourceVersion", "generation"] {
        if let Some(metadata) = written["metadata"].as_object_mut() {
            metadata.remove(noise);
        }
    }
    (
        metadata.uid.clone().unwrap_or_default(),
        Known { namespace, written: digest(&written), reported: digest(&status) },
    )
}

fn as_json(object: &DynamicObject) -> Value {
    serde_json::to_value(object).unwrap_or_default()
}

fn digest(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(uid: &str, version: &str, hard: &str, used: &str) -> DynamicObject {
        serde_json::from_value(json!({
            "metadata": { "name": "q", "namespace": "a", "uid": uid, "resourceVersion": version },
            "spec": { "hard": hard }, "status": { "hard": hard, "used": used },
        }))
        .unwrap()
    }

    fn changed() -> Vec<Seen> {
        vec![Seen::Changed { namespace: "a".into() }]
    }

    #[test]
    fn a_change_by_anybody_is_told_from_a_report_of_the_cluster() {
        let mut watched = Watched::default();
        assert_eq!(watched.take(Event::Apply(object("1", "1", "5", "0"))), changed());
        assert_eq!(watched.take(Event::Apply(object("1", "2", "5", "0"))), [], "only the version moved");
        assert_eq!(watched.take(Event::Apply(object("1", "3", "5", "1"))), [Seen::Reported { namespace: "a".into() }]);
        assert_eq!(watched.take(Event::Apply(object("1", "4", "9", "1"))), changed());
        assert_eq!(watched.take(Event::Delete(object("1", "5", "9", "1"))), changed());
    }

    #[test]
    fn what_was_missed_during_a_break_shows_in_the_next_list() {
        let mut watched = Watched::default();
        watched.take(Event::Init);
        assert_eq!(watched.take(Event::InitApply(object("1", "1", "5", "0"))), [], "the first list is no news");
        assert_eq!(watched.take(Event::InitApply(object("2", "1", "5", "0"))), []);
        assert_eq!(watched.take(Event::InitDone), []);
        watched.take(Event::Init);
        assert_eq!(watched.take(Event::InitApply(object("1", "7", "6", "0"))), changed(), "changed meanwhile");
        assert_eq!(watched.take(Event::InitDone), changed(), "the other one is gone");
    }
}
