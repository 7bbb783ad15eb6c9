//! Watches as triggers: a change in the cluster makes the key of its namespace due.

use std::{pin::pin, time::Duration};

use futures::{Stream, StreamExt};
use kube::{api::DynamicObject, runtime::watcher::Event};

use super::InCluster;
use crate::{
    Db,
    cluster::{Seen, Watched},
};

/// What was changed makes due at once, what the cluster only reports after `report_delay`. Ends with the events.
pub(crate) async fn follow<K: InCluster>(
    db: &Db,
    keys: &K,
    events: impl Stream<Item = Event<DynamicObject>>,
    report_delay: Duration,
) {
    let mut watched = Watched::default();
    let mut events = pin!(events);
    while let Some(event) = events.next().await {
        for seen in watched.take(event) {
            let (namespace, delay) = match seen {
                Seen::Changed { namespace } => (namespace, Duration::ZERO),
                Seen::Reported { namespace } => (namespace, report_delay),
            };
            // A trigger that is lost is made up for by the next audit.
            if let Err(error) = keys.wake_namespace(db, &namespace, delay).await {
                tracing::warn!(queue = K::QUEUE, namespace, %error, "a change was seen and could not be acted upon yet");
            }
        }
    }
}
