//! Watches as triggers: a change in the cluster makes its namespace due at once.

use std::{collections::BTreeSet, pin::pin, time::Duration};

use domain::provisioning::ObjectKind;
use futures::{StreamExt, future::join_all, stream::select_all};
use uuid::Uuid;

use super::{capability, queue::Namespaces};
use crate::{
    Db, Dependency, Error, Result,
    cluster::{Cluster, Failure, Foreign},
    keyed_queue::{InCluster, follow},
};

/// What the cluster only reports, such as the use of a quota, changes with every pod and can wait a moment.
const REPORT_DELAY: Duration = Duration::from_secs(2);
/// How old what is known of free cards can be at most.
const COUNT_EVERY: Duration = Duration::from_secs(30);

/// Watches everything that we write. Never ends.
pub(super) async fn watch_objects(db: &Db, keys: &Namespaces, cluster: &Cluster, instance: Uuid) {
    let instance = instance.to_string();
    join_all(ObjectKind::ALL.map(|kind| follow(db, keys, cluster.watch_ours(kind, &instance), REPORT_DELAY))).await;
}

/// Watches what others put beside ours. Never ends.
pub(super) async fn watch_foreign(db: &Db, keys: &Namespaces, cluster: &Cluster, instance: Uuid) {
    let (instance, kinds) = (instance.to_string(), ObjectKind::TOLD_WHEN_FOREIGN);
    let mut news = select_all(kinds.map(|kind| cluster.watch_foreign(kind, &instance).boxed()));
    let mut lists = 0;
    while let Some(foreign) = news.next().await {
        match foreign {
            Foreign::Moved { kind, namespace } => {
                log(keys.wake_namespace(db, &namespace, foreign_delay(kind)).await);
            }
            Foreign::Listed => {
                lists += 1;
                // A look that ended before the watches began may have missed something, and so may a watch that broke.
                if lists >= kinds.len() {
                    log(keys.wake_all(db).await);
                }
            }
        }
    }
}

/// Use and limit of a quota cannot be told apart by its metadata, and use changes with every pod.
fn foreign_delay(kind: ObjectKind) -> Duration {
    if kind == ObjectKind::ResourceQuota { REPORT_DELAY } else { Duration::ZERO }
}

/// Watches nodes; an accelerator that was never seen must stand at zero in every namespace. Never ends.
pub(super) async fn watch_nodes(db: &Db, cluster_id: Uuid, cluster: &Cluster) {
    let mut known = BTreeSet::new();
    let mut nodes = pin!(cluster.watch_node_accelerators());
    let mut count = tokio::time::interval(COUNT_EVERY);
    loop {
        let seen = tokio::select! {
            seen = nodes.next() => seen,
            _ = count.tick() => {
                log(count_accelerators(db, cluster_id, cluster).await);
                continue;
            }
        };
        let Some(seen) = seen else { return };
        if seen.is_subset(&known) {
            continue;
        }
        let learnt = learn(db, cluster_id, cluster).await;
        if log(learnt) {
            known.extend(seen);
            log(count_accelerators(db, cluster_id, cluster).await);
        }
    }
}

/// Nodes come, go and are cordoned.
async fn count_accelerators(db: &Db, cluster_id: Uuid, cluster: &Cluster) -> Result<()> {
    let seen = cluster.allocatable_accelerators().await.map_err(away)?;
    capability::keep_allocatable(db, cluster_id, &seen).await
}

/// Asks the cluster what it can do and keeps the answer.
pub(super) async fn learn(db: &Db, cluster_id: Uuid, cluster: &Cluster) -> Result<()> {
    match cluster.capabilities().await {
        Ok(seen) => capability::learn(db, cluster_id, seen).await,
        Err(failure) => Err(away(failure)),
    }
}

pub(super) fn away(failure: Failure) -> Error {
    Error::Unavailable { dependency: Dependency::Cluster, detail: failure.to_string() }
}

/// A trigger that is lost is made up for by the next audit.
fn log(result: Result<()>) -> bool {
    if let Err(error) = &result {
        tracing::warn!(%error, "a change in the cluster was seen and could not be acted upon yet");
    }
    result.is_ok()
}
