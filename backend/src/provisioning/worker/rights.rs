//! Asking the cluster what we may do: at the start, now and then, and when it has just refused something.

use std::time::Duration;

use tokio::time::sleep;

use super::Keeper;
use crate::provisioning::rights;

const ASK_EVERY: Duration = Duration::from_secs(600);
/// While something is missing somebody may be adding it.
const ASK_WHEN_MISSING: Duration = Duration::from_secs(60);
/// Many namespaces are refused the same thing at the same time.
const SHORTEST_REST: Duration = Duration::from_secs(5);

impl Keeper {
    /// Never ends.
    pub(super) async fn ask_for_rights(&self) {
        loop {
            self.until_reachable().await;
            let rest = match rights::ask(&self.db, self.keys.cluster_id, &self.cluster).await {
                Ok(false) => ASK_EVERY,
                Ok(true) => ASK_WHEN_MISSING,
                Err(error) => {
                    tracing::warn!(%error, "what the platform may do could not be found out yet");
                    ASK_WHEN_MISSING
                }
            };
            sleep(SHORTEST_REST).await;
            tokio::select! {
                () = sleep(rest) => {}
                () = self.forbidden.notified() => {}
            }
        }
    }
}
