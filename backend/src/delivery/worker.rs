//! The loop that keeps delivery equal to what was declared, and carries out what people agreed to.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use uuid::Uuid;

use super::{
    kubeconfig,
    pass::{Outcome, Pass},
    queue::Sources,
    triggers,
};
use crate::{
    Db,
    cluster::Cluster,
    git_host::{GitHost, Webhook},
    keyed_queue::{self, Claim, Next, Settings, Stop, Work},
    retry::until_done,
};

/// How one worker behaves.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Stands with each lease; any text that tells workers apart.
    pub worker: String,
    /// Repositories under way at once.
    pub concurrency: usize,
    /// Everything is looked at again after this long, more or less a tenth.
    pub audit_every: Duration,
    /// The longest rest of an idle worker; a hint from the database ends it sooner.
    pub poll_every: Duration,
    /// How often the engine asks the Git host, in seconds.
    pub source_interval: u32,
    /// By which the Git host tells of pushes; without one they are found by looking.
    pub webhook: Option<Webhook>,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            worker: format!("worker-{}", Uuid::now_v7()),
            concurrency: 4,
            audit_every: Duration::from_secs(60),
            poll_every: Duration::from_secs(5),
            source_interval: 60,
            webhook: None,
        }
    }
}

struct Keeper {
    db: Db,
    cluster: Cluster,
    git_host: Arc<dyn GitHost>,
    keys: Sources,
    instance: Uuid,
    audit_every: Duration,
    source_interval: u32,
    webhook: Option<Webhook>,
}

/// The engine and the pods are watched; this only bounds what no watch tells, such as why a pod does not start.
const MOVING_POLL: Duration = Duration::from_secs(2);
const MOVING_POLLS: u32 = 30;
const SLOW_POLL: Duration = Duration::from_secs(15);

/// Works until `shutdown` turns true. Any number of workers may run beside it.
pub async fn run(
    db: Db,
    cluster: Cluster,
    git_host: Arc<dyn GitHost>,
    settings: WorkerSettings,
    mut shutdown: watch::Receiver<bool>,
) {
    let registered = until_done("registering the cluster", &mut shutdown, || async {
        let (cluster_id, instance) = crate::provisioning::register_cluster(&db, &cluster).await?;
        kubeconfig::record(&db, cluster_id, cluster.endpoint()).await?;
        Ok((cluster_id, instance))
    });
    let Some((cluster_id, instance)) = registered.await else { return };
    let WorkerSettings { worker, concurrency, audit_every, poll_every, source_interval, webhook } = settings;
    let keys = Sources { cluster_id };
    let keeper = Keeper { db: db.clone(), cluster, git_host, keys, instance, audit_every, source_interval, webhook };
    keyed_queue::run(db, keeper, Settings { worker, concurrency, poll_every }, shutdown).await;
}

impl Work for Keeper {
    type Keys = Sources;
    /// Git is given half a minute for one call.
    const DEADLINE: Duration = Duration::from_secs(120);

    fn keys(&self) -> &Sources {
        &self.keys
    }

    fn room(&self, most: usize) -> usize {
        self.cluster.room(most)
    }

    async fn look(&self, claim: &Claim) -> Result<Next, Stop> {
        let pass = Pass {
            db: &self.db,
            cluster: &self.cluster,
            git_host: &*self.git_host,
            claim,
            interval: self.source_interval,
            webhook: self.webhook.as_ref(),
        };
        let outcome = pass.run().await?;
        let failures = claim.failures.saturating_add(1);
        Ok(match outcome {
            Outcome::Settled | Outcome::Gone => Next::audit(self.audit_every),
            // As often as the engine asks the Git host where it follows the branch.
            Outcome::Pinned => Next::audit(self.audit_every.min(Duration::from_secs(self.source_interval.into()))),
            Outcome::Moving => Next { after: if failures <= MOVING_POLLS { MOVING_POLL } else { SLOW_POLL }, failures },
            Outcome::Failed(failure) => Next::after_failure(claim, failure.as_ref()),
        })
    }

    async fn watch(&self) {
        triggers::watch(&self.db, &self.keys, &self.cluster, self.instance).await;
    }
}
