//! What others put beside ours, as it happens. Nothing is kept of it, however much there is in the cluster: only that
//! something moved is told, and where.

use domain::provisioning::{INSTANCE_LABEL, ObjectKind};
use futures::{Stream, StreamExt};
use kube::{
    Api, ResourceExt,
    api::{DynamicObject, PartialObjectMeta},
    runtime::{
        WatchStreamExt,
        watcher::{self, Event, watcher},
    },
};

use super::{Cluster, watch::resource};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// One of these objects was made, changed or deleted.
    Moved { kind: ObjectKind, namespace: String },
    /// The list was read in whole; what came and went before is told by nothing else.
    Listed,
}

impl Cluster {
    /// Objects of one kind without this installation's label. Of each only its metadata travels.
    pub(crate) fn watch_foreign(&self, kind: ObjectKind, instance: &str) -> impl Stream<Item = Foreign> + Send + use<> {
        let config = watcher::Config::default().labels(&format!("{INSTANCE_LABEL}!={instance}"));
        let resource = resource(kind.group(), kind.as_str(), kind.plural());
        let events = self.renewed(move |client| {
            let api: Api<PartialObjectMeta<DynamicObject>> = Api::all_with(client, &resource);
            watcher(api, config.clone()).default_backoff()
        });
        let cluster = self.name.clone();
        events.filter_map(move |event| {
            let event =
                event.inspect_err(|error| tracing::debug!(cluster, kind = kind.as_str(), %error, "watch broke off"));
            let foreign = match event {
                Ok(Event::Apply(object) | Event::Delete(object)) => {
                    object.namespace().map(|namespace| Foreign::Moved { kind, namespace })
                }
                Ok(Event::InitDone) => Some(Foreign::Listed),
                Ok(Event::Init | Event::InitApply(_)) | Err(_) => None,
            };
            std::future::ready(foreign)
        })
    }
}
