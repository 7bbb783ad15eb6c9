//! One look at one namespace: read the intent, read what is there, write what differs, say what holds.

mod conclude;
mod execute;
mod refusal;

use std::collections::{BTreeSet, HashMap};

use domain::provisioning::{
    Blocked, Desired, Drift, Live, NamespaceIntent, ObjectKey, ObjectKind, Phase, Standing, blocked, drifts,
    foreign_objects, plan, render, settle, standing,
};
use serde_json::Value;

use self::execute::Execution;
use super::{
    drift_row,
    intent::{self, Loaded},
    queue::Namespaces,
    record,
};
use crate::{
    Db,
    cluster::{Cluster, Failure},
    keyed_queue::{Claim, Keys, Stop, held},
};

/// How a pass ended that ran to its end.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// Everything is as declared.
    Stands,
    /// Everything is written; the cluster does not count against the quotas yet.
    Waiting,
    /// Nothing may be written at all.
    Blocked,
    /// Some object could not be put right.
    Failed(Option<Failure>),
    /// Nobody wants it any more.
    Gone,
}

pub(super) struct Pass<'a> {
    pub(super) db: &'a Db,
    pub(super) cluster: &'a Cluster,
    pub(super) claim: &'a Claim,
}

impl Pass<'_> {
    pub(super) async fn run(&self) -> Result<Outcome, Stop> {
        let Some(loaded) = intent::load(self.db, self.claim.key).await? else { return Ok(Outcome::Gone) };
        let looked = self.look(&loaded).await;
        if let Err(Stop::Cluster(failure)) = &looked
            && failure.class.is_refusal()
        {
            let message = refusal::told(failure, None);
            self.stop(&loaded, Blocked::Refused { reason: failure.class.as_str(), message: &message }).await?;
        }
        looked
    }

    async fn look(&self, loaded: &Loaded) -> Result<Outcome, Stop> {
        let intent = &loaded.intent;
        let desired = render(intent, &loaded.capabilities);
        let key = ObjectKey::new(ObjectKind::Namespace, intent.name.as_str());
        let found = self.cluster.find(intent.name.as_str(), &key).await?;
        let live = match standing(intent, loaded.uid.as_deref(), found.as_ref()) {
            Standing::Absent => self.create(&key, &desired).await?,
            Standing::Ours { revision, .. } if revision > intent.revision => {
                return self.stop(loaded, Blocked::Outrun).await;
            }
            Standing::Ours { uid, .. } => {
                if loaded.uid.is_none() {
                    held(record::uid(self.db, self.claim, &uid).await?)?;
                }
                let mut live = self.cluster.list_in(intent.name.as_str(), &ObjectKind::CHILDREN).await?;
                live.extend(found.map(|object| (key, object)));
                live
            }
            other => return self.stop(loaded, Blocked::Standing(&other)).await,
        };
        self.reconcile(loaded, &desired, live).await
    }

    /// Makes the namespace by a plain create, which fails where one exists; only then is it ours to apply to.
    async fn create(&self, key: &ObjectKey, desired: &[Desired]) -> Result<Live, Stop> {
        let Some(body) = desired.iter().find(|d| d.key == *key).map(|d| &d.body) else { return Ok(Live::new()) };
        self.guard().await?;
        let created = self.cluster.create_namespace(body).await?;
        let uid = uid_of(&created).to_owned();
        held(record::uid(self.db, self.claim, &uid).await?)?;
        self.guard().await?;
        let applied = self.cluster.apply("", key, body, Some(&uid)).await?;
        Ok(Live::from([(key.clone(), applied)]))
    }

    async fn reconcile(&self, loaded: &Loaded, desired: &[Desired], live: Live) -> Result<Outcome, Stop> {
        let known = known_drift(desired, &live, &loaded.written);
        held(record::found(self.db, self.claim, &known).await?)?;
        let contended = drift_row::contended(self.db, self.claim.key).await?;
        let mut actions = plan(desired, &live);
        actions.retain(|action| !contended.contains(&action.key.to_string()));
        let mut execution = Execution::new(self, &loaded.intent, desired, live);
        for action in actions.iter().filter(|a| a.phase < Phase::Grant) {
            execution.carry_out(action).await?;
        }
        if execution.quotas_enforced().await? && execution.fences_stand() {
            for action in actions.iter().filter(|a| a.phase == Phase::Grant) {
                execution.carry_out(action).await?;
            }
        }
        conclude::conclude(self, loaded, desired, execution, &contended).await
    }

    /// Leaves without a single write to the cluster.
    async fn stop(&self, loaded: &Loaded, why: Blocked<'_>) -> Result<Outcome, Stop> {
        let conditions = settle(&loaded.conditions, blocked(why), loaded.observed_revision, loaded.now);
        held(record::conditions(self.db, self.claim, &conditions).await?)?;
        Ok(Outcome::Blocked)
    }

    /// Before every write to the cluster.
    async fn guard(&self) -> Result<(), Stop> {
        held(Namespaces::is_held(self.db, self.claim).await?)
    }
}

/// Only what was written before as it should be now can have been changed by others.
fn known_drift(desired: &[Desired], live: &Live, written: &HashMap<ObjectKey, String>) -> Vec<Drift> {
    let was_written = |d: &&Desired| written.get(&d.key).is_some_and(|hash| hash == d.hash());
    let mut found: Vec<Drift> = desired.iter().filter(was_written).flat_map(|d| drifts(d, live.get(&d.key))).collect();
    found.extend(foreign_objects(desired, live));
    found
}

fn uid_of(object: &Value) -> &str {
    object["metadata"]["uid"].as_str().unwrap_or_default()
}

/// What does not stand as it should.
fn pending(desired: &[Desired], live: &Live) -> BTreeSet<ObjectKey> {
    let actions = plan(desired, live);
    actions.into_iter().map(|action| action.key).collect()
}

fn namespace_of(intent: &NamespaceIntent) -> &str {
    intent.name.as_str()
}

#[cfg(test)]
mod tests;
