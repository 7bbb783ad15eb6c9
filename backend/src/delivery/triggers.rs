//! What the engine reports, and what becomes of the workloads, makes their repository due at once.

use std::time::Duration;

use domain::delivery::FluxKind;
use futures::future::join_all;
use uuid::Uuid;

use super::queue::Sources;
use crate::{
    Db,
    cluster::{Cluster, WORKLOAD_KINDS},
    keyed_queue::follow,
};

/// A roll-out reports many times a second; once is enough.
const REPORT_DELAY: Duration = Duration::from_millis(200);

/// Never ends.
pub(super) async fn watch(db: &Db, keys: &Sources, cluster: &Cluster, instance: Uuid) {
    let instance = instance.to_string();
    let flux = FluxKind::ALL.map(|kind| follow(db, keys, cluster.watch_flux(kind, &instance), REPORT_DELAY));
    let workloads =
        WORKLOAD_KINDS.map(|(kind, plural)| follow(db, keys, cluster.watch_workloads(kind, plural), REPORT_DELAY));
    tokio::join!(join_all(flux), join_all(workloads));
}
