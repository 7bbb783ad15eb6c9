//! Watches as triggers: what the engine reports, and what becomes of the workloads, makes their repository due at once.

use std::{pin::pin, time::Duration};

use domain::delivery::FluxKind;
use futures::{Stream, StreamExt, future::join_all};
use kube::{api::DynamicObject, runtime::watcher::Event};
use uuid::Uuid;

use super::queue;
use crate::{
    Db,
    cluster::{Cluster, Seen, WORKLOAD_KINDS, Watched},
};

/// A roll-out reports many times a second; once is enough.
const REPORT_DELAY: Duration = Duration::from_millis(200);

/// Never ends.
pub(super) async fn watch(db: &Db, cluster_id: Uuid, cluster: &Cluster, instance: Uuid) {
    let instance = instance.to_string();
    let flux = FluxKind::ALL.map(|kind| follow(db, cluster_id, cluster.watch_flux(kind, &instance)));
    let workloads = WORKLOAD_KINDS.map(|(kind, plural)| follow(db, cluster_id, cluster.watch_workloads(kind, plural)));
    tokio::join!(join_all(flux), join_all(workloads));
}

async fn follow(db: &Db, cluster_id: Uuid, events: impl Stream<Item = Event<DynamicObject>>) {
    let mut watched = Watched::default();
    let mut events = pin!(events);
    while let Some(event) = events.next().await {
        for seen in watched.take(event) {
            let (namespace, delay) = match seen {
                Seen::Changed { namespace } => (namespace, Duration::ZERO),
                Seen::Reported { namespace } => (namespace, REPORT_DELAY),
            };
            // A trigger that is lost is made up for by the next audit.
            if let Err(error) = queue::wake(db, cluster_id, &namespace, delay).await {
                tracing::warn!(%error, "a change of a delivery was seen and could not be acted upon yet");
            }
        }
    }
}
