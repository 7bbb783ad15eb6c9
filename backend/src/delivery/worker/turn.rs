//! One claimed repository: its pass, its lease, and when it is looked at again.

use std::time::Duration;

use domain::provisioning::{MAX_BACKOFF, backoff};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Worker;
use crate::{
    cluster::Failure,
    delivery::{
        pass::{Outcome, Pass, Stop},
        queue::{self, Claim, Next},
    },
};

/// A lease is renewed this often; it lasts three times as long.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// Git is given half a minute for one call.
const PASS_DEADLINE: Duration = Duration::from_secs(120);
/// The engine and the pods are watched; this only bounds what no watch tells, such as why a pod does not start.
const MOVING_POLL: Duration = Duration::from_secs(2);
const MOVING_POLLS: u32 = 30;
const SLOW_POLL: Duration = Duration::from_secs(15);

impl Worker {
    pub(super) async fn work(&self, claim: Claim) {
        let pass = Pass {
            db: &self.db,
            cluster: &self.cluster,
            git_host: &*self.git_host,
            claim: &claim,
            interval: self.settings.source_interval,
            webhook: self.settings.webhook.as_ref(),
        };
        let outcome = tokio::select! {
            outcome = timeout(PASS_DEADLINE, pass.run()) => outcome,
            () = self.keep_lease(&claim) => Ok(Err(Stop::LeaseLost)),
        };
        let next = match outcome {
            Ok(Ok(outcome)) => self.after(&claim, &outcome),
            Ok(Err(Stop::LeaseLost)) => {
                tracing::warn!(source_id = %claim.source_id, "another worker has the repository now");
                return;
            }
            Ok(Err(Stop::Cluster(failure))) => {
                tracing::warn!(source_id = %claim.source_id, class = failure.class.as_str(), %failure, "a look was broken off");
                after_failure(&claim, Some(&failure))
            }
            Ok(Err(Stop::Platform(error))) => {
                tracing::warn!(source_id = %claim.source_id, %error, "a look failed on our side");
                after_failure(&claim, None)
            }
            Err(_) => after_failure(&claim, None),
        };
        if let Err(error) = queue::finish(&self.db, &claim, next).await {
            tracing::warn!(source_id = %claim.source_id, %error, "a repository could not be given back; its lease runs out");
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
            Outcome::Settled | Outcome::Gone => {
                Next { after: self.settings.audit_every.mul_f64(0.9 + 0.2 * rand::random::<f64>()), failures: 0 }
            }
            Outcome::Moving => Next { after: if failures <= MOVING_POLLS { MOVING_POLL } else { SLOW_POLL }, failures },
            Outcome::Failed(failure) => after_failure(claim, failure.as_ref()),
        }
    }
}

fn after_failure(claim: &Claim, failure: Option<&Failure>) -> Next {
    let failures = claim.failures.saturating_add(1);
    let after = match failure {
        Some(failure) if failure.class.is_refusal() => MAX_BACKOFF,
        _ => backoff(failures, rand::random()),
    };
    let asked = failure.and_then(|failure| failure.retry_after);
    Next { after: asked.map_or(after, |asked| asked.max(after)), failures }
}
