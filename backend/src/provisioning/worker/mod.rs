//! The loop that keeps a cluster equal to what was declared.

mod reach;
mod turn;

use std::{sync::Arc, time::Duration};

use sqlx::postgres::PgListener;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::{capability, queue, triggers};
use crate::{Db, cluster::Cluster, retry::until_done};

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

struct Worker {
    db: Db,
    cluster: Cluster,
    cluster_id: Uuid,
    settings: WorkerSettings,
    /// Something may be due.
    hint: Notify,
    /// A call found nobody there.
    doubt: Notify,
    reachable: watch::Sender<bool>,
}

/// How long passes under way may take to end after a shutdown was asked for.
const DRAIN: Duration = Duration::from_secs(10);

/// Keeps the cluster equal to what was declared until `shutdown` turns true. Any number of workers may run beside it.
pub async fn run(db: Db, cluster: Cluster, settings: WorkerSettings, mut shutdown: watch::Receiver<bool>) {
    let registered =
        until_done("registering the cluster", &mut shutdown, || capability::register_cluster(&db, &cluster));
    let Some((cluster_id, instance)) = registered.await else { return };
    let (reachable, _) = watch::channel(false);
    let (hint, doubt) = (Notify::new(), Notify::new());
    let worker = Arc::new(Worker { db, cluster, cluster_id, settings, hint, doubt, reachable });
    let mut passes = JoinSet::new();
    tokio::select! {
        () = worker.probe() => {}
        () = worker.listen() => {}
        () = triggers::watch_objects(&worker.db, cluster_id, &worker.cluster, instance) => {}
        () = triggers::watch_nodes(&worker.db, cluster_id, &worker.cluster) => {}
        () = worker.dispatch(&mut passes) => {}
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
    let drained = timeout(DRAIN, async { while passes.join_next().await.is_some() {} }).await;
    tracing::info!(cluster = worker.cluster.name(), drained = drained.is_ok(), "provisioning has stopped");
}

impl Worker {
    /// Hints from the database. One that is lost costs no more than a poll.
    async fn listen(&self) {
        loop {
            if let Ok(mut listener) = PgListener::connect_with(&self.db.pool).await
                && listener.listen("provisioning").await.is_ok()
            {
                while listener.recv().await.is_ok() {
                    self.hint.notify_one();
                }
            }
            sleep(self.settings.poll_every).await;
        }
    }

    async fn dispatch(self: &Arc<Self>, passes: &mut JoinSet<()>) {
        let mut reachable = self.reachable.subscribe();
        loop {
            if reachable.wait_for(|well| *well).await.is_err() {
                return;
            }
            while passes.try_join_next().is_some() {}
            let free = self.settings.concurrency.saturating_sub(passes.len());
            let claims =
                match queue::claim(&self.db, self.cluster_id, &self.settings.worker, i64::try_from(free).unwrap_or(0))
                    .await
                {
                    Ok(claims) => claims,
                    Err(error) => {
                        tracing::warn!(%error, "nothing could be claimed");
                        Vec::new()
                    }
                };
            let is_idle = claims.is_empty();
            for claim in claims {
                let worker = Arc::clone(self);
                passes.spawn(async move { worker.work(claim).await });
            }
            if is_idle {
                self.rest(passes).await;
            }
        }
    }

    /// Until something is due, a hint comes, or a pass ends.
    async fn rest(&self, passes: &mut JoinSet<()>) {
        let due = queue::next_due(&self.db, self.cluster_id).await.ok().flatten();
        let full = passes.len() >= self.settings.concurrency;
        let pause = due.unwrap_or(self.settings.poll_every).clamp(Duration::from_millis(20), self.settings.poll_every);
        tokio::select! {
            () = sleep(pause), if !full => {}
            () = self.hint.notified(), if !full => {}
            _ = passes.join_next(), if !passes.is_empty() => {}
        }
    }
}
