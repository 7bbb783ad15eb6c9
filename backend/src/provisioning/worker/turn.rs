//! One claimed namespace: its pass, its lease, and when it is looked at again.

use std::time::Duration;

use domain::provisioning::{MAX_BACKOFF, backoff};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Worker;
use crate::{
    cluster::FailureClass,
    provisioning::{
        pass::{Outcome, Pass, Stop},
        queue::{self, Claim, Next},
    },
};

/// A lease is renewed this often; it lasts three times as long.
const HEARTBEAT: Duration = Duration::from_secs(5);
const PASS_DEADLINE: Duration = Duration::from_secs(60);
/// The cluster takes over a quota within milliseconds when it has nothing else to do.
const ENFORCEMENT_POLL: Duration = Duration::from_millis(250);
/// After this many looks at a quota that is not enforced, the pauses grow.
const ENFORCEMENT_POLLS: u32 = 20;
const BLOCKED_REST: Duration = Duration::from_secs(30);

impl Worker {
    pub(super) async fn work(&self, claim: Claim) {
        let pass = Pass { db: &self.db, cluster: &self.cluster, claim: &claim };
        let outcome = tokio::select! {
            outcome = timeout(PASS_DEADLINE, pass.run()) => outcome,
            () = self.keep_lease(&claim) => Ok(Err(Stop::LeaseLost)),
        };
        let next = match outcome {
            Ok(Ok(outcome)) => self.after(&claim, &outcome),
            Ok(Err(Stop::LeaseLost)) => {
                tracing::warn!(namespace_id = %claim.namespace_id, "another worker has the namespace now");
                return;
            }
            Ok(Err(Stop::Cluster(failure))) => {
                if failure.class.is_outage() {
                    self.doubt.notify_one();
                }
                tracing::warn!(namespace_id = %claim.namespace_id, class = failure.class.as_str(), %failure, "a pass was broken off");
                after_failure(&claim, Some(&failure.class), failure.retry_after)
            }
            Ok(Err(Stop::Platform(error))) => {
                tracing::error!(namespace_id = %claim.namespace_id, %error, "a pass failed on our side");
                after_failure(&claim, None, None)
            }
            Err(_) => after_failure(&claim, None, None),
        };
        if let Err(error) = queue::finish(&self.db, &claim, next).await {
            tracing::warn!(namespace_id = %claim.namespace_id, %error, "a namespace could not be given back; its lease runs out");
        }
        self.hint.notify_one();
    }

    /// Ends when the lease is lost.
    async fn keep_lease(&self, claim: &Claim) {
        let mut beat = interval(HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beat.tick().await;
        loop {
            beat.tick().await;
            // A database that does not answer is no proof; every write asks again whether the lease holds.
            if let Ok(false) = queue::renew(&self.db, claim).await {
                return;
            }
        }
    }

    fn after(&self, claim: &Claim, outcome: &Outcome) -> Next {
        let failures = claim.failures.saturating_add(1);
        match outcome {
            Outcome::Stands | Outcome::Gone => {
                Next { after: self.settings.audit_every.mul_f64(0.9 + 0.2 * rand::random::<f64>()), failures: 0 }
            }
            Outcome::Waiting if failures <= ENFORCEMENT_POLLS => Next { after: ENFORCEMENT_POLL, failures },
            Outcome::Waiting => Next { after: backoff(failures - ENFORCEMENT_POLLS, rand::random()), failures },
            Outcome::Blocked => Next { after: BLOCKED_REST, failures: 0 },
            Outcome::Failed(Some(failure)) => after_failure(claim, Some(&failure.class), failure.retry_after),
            // Contended: the object is left alone for a while.
            Outcome::Failed(None) => Next { after: MAX_BACKOFF, failures },
        }
    }
}

fn after_failure(claim: &Claim, class: Option<&FailureClass>, retry_after: Option<Duration>) -> Next {
    let failures = claim.failures.saturating_add(1);
    let after = match class {
        Some(class) if class.is_refusal() => MAX_BACKOFF,
        // The world moved between two calls; the next look sees it as it is.
        Some(FailureClass::Stale | FailureClass::NotFound) if failures <= 3 => Duration::ZERO,
        _ => backoff(failures, rand::random()),
    };
    Next { after: retry_after.map_or(after, |asked| asked.max(after)), failures }
}
