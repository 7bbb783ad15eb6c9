//! The loop that keeps a cluster equal to what was declared.

mod look;
mod reach;
mod rights;

use std::time::Duration;

use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::{capability, queue::Namespaces};
use crate::{
    Db,
    cluster::Cluster,
    keyed_queue::{self, Settings},
    retry::until_done,
};

/// How one worker behaves.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Stands with each lease; any text that tells workers apart.
    pub worker: String,
    /// Namespaces under way at once.
    pub concurrency: usize,
    /// Everything is looked at again after this long, more or less a tenth.
    pub audit_every: Duration,
    /// The longest rest of an idle worker; a hint from the database ends it sooner.
    pub poll_every: Duration,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            worker: format!("worker-{}", Uuid::now_v7()),
            concurrency: 8,
            audit_every: Duration::from_secs(600),
            poll_every: Duration::from_secs(5),
        }
    }
}

struct Keeper {
    db: Db,
    cluster: Cluster,
    keys: Namespaces,
    instance: Uuid,
    audit_every: Duration,
    /// A call found nobody there.
    doubt: Notify,
    /// A call was forbidden.
    forbidden: Notify,
    reachable: watch::Sender<bool>,
}

/// Keeps the cluster equal to what was declared until `shutdown` turns true. Any number of workers may run beside it.
pub async fn run(db: Db, cluster: Cluster, settings: WorkerSettings, mut shutdown: watch::Receiver<bool>) {
    let registered =
        until_done("registering the cluster", &mut shutdown, || capability::register_cluster(&db, &cluster));
    let Some((cluster_id, instance)) = registered.await else { return };
    let WorkerSettings { worker, concurrency, audit_every, poll_every } = settings;
    let keeper = Keeper {
        db: db.clone(),
        cluster,
        keys: Namespaces { cluster_id },
        instance,
        audit_every,
        doubt: Notify::new(),
        forbidden: Notify::new(),
        reachable: watch::channel(false).0,
    };
    keyed_queue::run(db, keeper, Settings { worker, concurrency, poll_every }, shutdown).await;
}
