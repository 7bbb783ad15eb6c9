//! The writes of a pass, one after another; what goes wrong with one object does not stop the others.

use domain::provisioning::{
    Action, Desired, Difference, Drift, Enforcement, Live, NamespaceIntent, ObjectKey, ObjectKind, Step, differences,
    drifts, enforcement, plan,
};
use serde_json::Value;

use super::{Pass, Stop, held, namespace_of, pending, uid_of};
use crate::{
    cluster::{Failure, FailureClass},
    provisioning::record,
};

pub(super) struct Execution<'a> {
    pass: &'a Pass<'a>,
    intent: &'a NamespaceIntent,
    desired: &'a [Desired],
    /// As last answered by the cluster.
    pub(super) live: Live,
    pub(super) failures: Vec<(ObjectKey, Failure)>,
}

impl<'a> Execution<'a> {
    pub(super) fn new(pass: &'a Pass<'a>, intent: &'a NamespaceIntent, desired: &'a [Desired], live: Live) -> Self {
        Self { pass, intent, desired, live, failures: Vec::new() }
    }

    /// An object that has failed once is left for the next pass. An outage ends the pass.
    pub(super) async fn carry_out(&mut self, action: &Action) -> Result<(), Stop> {
        if self.failures.iter().any(|(key, _)| *key == action.key) {
            return Ok(());
        }
        self.pass.guard().await?;
        let mut written = self.write(action).await;
        if let (Err(failure), Step::Apply(_)) = (&written, &action.step)
            && failure.class == FailureClass::Invalid
        {
            written = self.make_anew(&action.key, failure.clone()).await?;
        }
        match written {
            Ok(()) => Ok(()),
            Err(failure) if failure.class.is_outage() => Err(Stop::Cluster(failure)),
            Err(failure) => {
                tracing::warn!(namespace = namespace_of(self.intent), object = %action.key, class = failure.class.as_str(), %failure, "not written");
                self.failures.push((action.key.clone(), failure));
                Ok(())
            }
        }
    }

    /// Looks once more at quotas that were only just written: the cluster takes a moment, seldom longer.
    pub(super) async fn quotas_enforced(&mut self) -> Result<bool, Stop> {
        if self.all_enforced() {
            return Ok(true);
        }
        let quotas = self.pass.cluster.list_in(namespace_of(self.intent), &[ObjectKind::ResourceQuota]).await?;
        self.live.extend(quotas);
        Ok(self.all_enforced())
    }

    /// Of each quota of ours that stands.
    pub(super) fn enforcement(&self) -> Vec<(String, Enforcement)> {
        let quotas = self.desired.iter().filter(|d| d.key.kind == ObjectKind::ResourceQuota);
        quotas.filter_map(|d| Some((d.key.name.clone(), enforcement(self.live.get(&d.key)?)))).collect()
    }

    pub(super) fn all_enforced(&self) -> bool {
        let quotas = self.desired.iter().filter(|d| d.key.kind == ObjectKind::ResourceQuota).count();
        let enforced = self.enforcement();
        enforced.len() == quotas && enforced.iter().all(|(_, e)| *e == Enforcement::Enforced)
    }

    /// Whether everything but access is as it should be.
    pub(super) fn fences_stand(&self) -> bool {
        pending(self.desired, &self.live).iter().all(|key| key.kind == ObjectKind::RoleBinding)
    }

    async fn write(&mut self, action: &Action) -> Result<(), Failure> {
        let (cluster, namespace, key) = (self.pass.cluster, namespace_of(self.intent), &action.key);
        match &action.step {
            Step::Apply(body) => {
                let uid = self.live.get(key).map(uid_of);
                let answer = cluster.apply(namespace, key, body, uid).await?;
                self.live.insert(key.clone(), answer);
            }
            Step::RemoveKeys(_) => {
                let Some(live) = self.live.get(key) else { return Ok(()) };
                // An apply just before may have taken some of them out already.
                let paths = self.extra(key, live);
                if !paths.is_empty() {
                    let answer = cluster.remove_keys(namespace, key, live, &paths).await?;
                    self.live.insert(key.clone(), answer);
                }
            }
            Step::Delete { uid } => {
                cluster.delete(namespace, key, uid).await?;
                self.live.remove(key);
            }
        }
        Ok(())
    }

    /// What cannot be changed into what it should be may be another object than the one that was seen, put there
    /// meanwhile. It is read once more, and whether it has to go follows from what it is now.
    async fn make_anew(&mut self, key: &ObjectKey, failure: Failure) -> Result<Result<(), Failure>, Stop> {
        let desired = self.desired.iter().filter(|d| d.key == *key).cloned().collect::<Vec<_>>();
        let Some(found) = self.pass.cluster.find(namespace_of(self.intent), key).await? else {
            return Ok(Err(failure));
        };
        let drift: Vec<Drift> = desired.iter().flat_map(|d| drifts(d, Some(&found))).collect();
        self.live.insert(key.clone(), found);
        let actions = plan(&desired, &self.live);
        if !actions.iter().any(|action| matches!(action.step, Step::Delete { .. })) {
            return Ok(Err(failure));
        }
        held(record::found(self.pass.db, self.pass.claim, &drift).await?)?;
        for action in &actions {
            self.pass.guard().await?;
            if let Err(failure) = self.write(action).await {
                return Ok(Err(failure));
            }
        }
        Ok(Ok(()))
    }

    fn extra(&self, key: &ObjectKey, live: &Value) -> Vec<Vec<String>> {
        let desired = self.desired.iter().filter(|d| d.key == *key);
        desired.flat_map(|d| differences(&d.body, live)).filter(Difference::is_extra).map(|d| d.path).collect()
    }
}
