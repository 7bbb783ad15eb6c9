//! Whether the cluster is there, asked often when it is not.

use std::time::Duration;

use domain::provisioning::backoff;
use tokio::time::sleep;

use super::Keeper;
use crate::provisioning::{capability, triggers};

const PROBE_WHEN_WELL: Duration = Duration::from_secs(10);
const PROBE_WHEN_AWAY: Duration = Duration::from_secs(30);
/// The cluster answers and the database does not, or the other way round.
const TAKE_UP_AGAIN: Duration = Duration::from_millis(500);

impl Keeper {
    pub(super) async fn until_reachable(&self) {
        // The sender lives as long as this does.
        let _ = self.reachable.subscribe().wait_for(|well| *well).await;
    }

    /// Asks the cluster whether it is there, often when it is not, and learns what it can do whenever it comes back.
    pub(super) async fn probe(&self) {
        let mut failures = 0;
        loop {
            let answers = capability::check(&self.db, self.keys.cluster_id, &self.cluster).await;
            let well = matches!(answers, Ok(true));
            if let Err(error) = answers {
                tracing::warn!(%error, "the state of the cluster could not be kept");
            }
            if well && !*self.reachable.borrow() && !self.came_back().await {
                sleep(TAKE_UP_AGAIN).await;
                continue;
            }
            self.reachable.send_if_modified(|before| std::mem::replace(before, well) != well);
            failures = if well { 0 } else { failures + 1 };
            let rest = if well { PROBE_WHEN_WELL } else { backoff(failures + 1, rand::random()).min(PROBE_WHEN_AWAY) };
            tokio::select! {
                () = sleep(rest) => {}
                () = self.doubt.notified(), if well => {}
            }
        }
    }

    /// Nothing is rendered before it is known what the cluster can do.
    async fn came_back(&self) -> bool {
        let learnt = triggers::learn(&self.db, self.keys.cluster_id, &self.cluster).await;
        let woken = self.keys.wake_all(&self.db).await;
        for error in [learnt.as_ref().err(), woken.as_ref().err()].into_iter().flatten() {
            tracing::warn!(%error, "the cluster answers and could not be taken up yet");
        }
        learnt.is_ok() && woken.is_ok()
    }
}
