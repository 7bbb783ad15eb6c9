//! The loop that keeps delivery equal to what was declared, and carries out what people agreed to.

mod turn;

use std::{sync::Arc, time::Duration};

use sqlx::postgres::PgListener;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::{kubeconfig, queue, triggers};
use crate::{
    Db,
    cluster::Cluster,
    git_host::{GitHost, Webhook},
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

struct Worker {
    db: Db,
    cluster: Cluster,
    git_host: Arc<dyn GitHost>,
    cluster_id: Uuid,
    settings: WorkerSettings,
    /// Something may be due.
    hint: Notify,
}

/// How long passes under way may take to end after a shutdown was asked for.
const DRAIN: Duration = Duration::from_secs(10);

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
    let worker = Arc::new(Worker { db, cluster, git_host, cluster_id, settings, hint: Notify::new() });
    let mut passes = JoinSet::new();
    tokio::select! {
        () = worker.listen() => {}
        () = triggers::watch(&worker.db, cluster_id, &worker.cluster, instance) => {}
        () = worker.dispatch(&mut passes) => {}
        _ = shutdown.wait_for(|stop| *stop) => {}
    }
    let drained = timeout(DRAIN, async { while passes.join_next().await.is_some() {} }).await;
    tracing::info!(cluster = worker.cluster.name(), drained = drained.is_ok(), "delivery has stopped");
}

impl Worker {
    /// Hints from the database. One that is lost costs no more than a poll.
    async fn listen(&self) {
        loop {
            if let Ok(mut listener) = PgListener::connect_with(&self.db.pool).await
                && listener.listen("delivery").await.is_ok()
            {
                while listener.recv().await.is_ok() {
                    self.hint.notify_one();
                }
            }
            sleep(self.settings.poll_every).await;
        }
    }

    async fn dispatch(self: &Arc<Self>, passes: &mut JoinSet<()>) {
        loop {
            while passes.try_join_next().is_some() {}
            let free = i64::try_from(self.settings.concurrency.saturating_sub(passes.len())).unwrap_or(0);
            let claims = queue::claim(&self.db, self.cluster_id, &self.settings.worker, free).await;
            let claims = claims.unwrap_or_else(|error| {
                tracing::warn!(%error, "nothing could be claimed");
                Vec::new()
            });
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
