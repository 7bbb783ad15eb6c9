//! One look at one namespace, and when the next one is.

use std::time::Duration;

use domain::provisioning::{MAX_BACKOFF, backoff};

use super::Keeper;
use crate::{
    cluster::{Failure, FailureClass},
    keyed_queue::{Claim, Next, Stop, Work},
    provisioning::{
        pass::{Outcome, Pass},
        queue::Namespaces,
        triggers,
    },
};

/// The cluster takes over a quota within milliseconds when it has nothing else to do.
const ENFORCEMENT_POLL: Duration = Duration::from_millis(250);
/// After this many looks at a quota that is not enforced, the pauses grow.
const ENFORCEMENT_POLLS: u32 = 20;
const BLOCKED_REST: Duration = Duration::from_secs(30);
/// What moved is looked at again at once, so many times.
const MOVED_LOOKS: u32 = 3;

impl Work for Keeper {
    type Keys = Namespaces;
    const DEADLINE: Duration = Duration::from_secs(60);

    fn keys(&self) -> &Namespaces {
        &self.keys
    }

    fn room(&self, most: usize) -> usize {
        self.cluster.room(most)
    }

    async fn look(&self, claim: &Claim) -> Result<Next, Stop> {
        let outcome = Pass { db: &self.db, cluster: &self.cluster, claim }.run().await?;
        let failures = claim.failures.saturating_add(1);
        Ok(match outcome {
            Outcome::Stands | Outcome::Gone => Next::audit(self.audit_every),
            Outcome::Waiting if failures <= ENFORCEMENT_POLLS => Next { after: ENFORCEMENT_POLL, failures },
            Outcome::Waiting => Next { after: backoff(failures - ENFORCEMENT_POLLS, rand::random()), failures },
            Outcome::Blocked => Next { after: BLOCKED_REST, failures: 0 },
            Outcome::Failed(Some(failure)) => self.after_failure(claim, &failure),
            // Contended: the object is left alone for a while.
            Outcome::Failed(None) => Next { after: MAX_BACKOFF, failures },
        })
    }

    async fn watch(&self) {
        tokio::select! {
            () = self.probe() => {}
            () = self.ask_for_rights() => {}
            () = triggers::watch_objects(&self.db, &self.keys, &self.cluster, self.instance) => {}
            () = triggers::watch_foreign(&self.db, &self.keys, &self.cluster, self.instance) => {}
            () = triggers::watch_nodes(&self.db, self.keys.cluster_id, &self.cluster) => {}
        }
    }

    /// Nothing is tried on a cluster that is away.
    async fn ready(&self) {
        self.until_reachable().await;
    }

    fn after_failure(&self, claim: &Claim, failure: &Failure) -> Next {
        if failure.class.is_outage() {
            self.doubt.notify_one();
        }
        if matches!(failure.class, FailureClass::Forbidden | FailureClass::Escalation) {
            self.forbidden.notify_one();
        }
        let next = Next::after_failure(claim, Some(failure));
        // The world moved between two calls; the next look sees it as it is.
        let moved = matches!(failure.class, FailureClass::Stale | FailureClass::NotFound);
        if moved && next.failures <= MOVED_LOOKS {
            return Next { after: failure.retry_after.unwrap_or_default(), ..next };
        }
        next
    }
}
