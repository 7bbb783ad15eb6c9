//! One claimed key: its look, its lease, and when it is looked at again.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, timeout};

use super::{Claim, Keys, Next, Stop, Work};
use crate::{Db, Error};

/// A lease is renewed this often; it lasts three times as long.
const HEARTBEAT: Duration = Duration::from_secs(5);

pub(super) async fn turn<W: Work>(db: &Db, work: &W, claim: Claim) {
    let looked = tokio::select! {
        looked = timeout(W::DEADLINE, work.look(&claim)) => looked,
        () = keep_lease::<W::Keys>(db, &claim) => Ok(Err(Stop::LeaseLost)),
    };
    let (queue, key) = (W::Keys::QUEUE, claim.key);
    let outcome = if matches!(looked, Ok(Ok(_))) { "done" } else { "broken_off" };
    metrics::counter!("queue_passes_total", "queue" => queue, "outcome" => outcome).increment(1);
    let next = match looked {
        Ok(Ok(next)) => next,
        Ok(Err(Stop::LeaseLost)) => {
            tracing::warn!(queue, %key, "another worker has the key now");
            return;
        }
        Ok(Err(Stop::Cluster(failure))) => {
            tracing::warn!(queue, %key, class = failure.class.as_str(), %failure, "a look was broken off");
            work.after_failure(&claim, &failure)
        }
        Ok(Err(Stop::Platform(error))) => {
            match &error {
                Error::Internal { .. } => tracing::error!(queue, %key, %error, "a look failed on our side"),
                _ => tracing::warn!(queue, %key, %error, "a look failed"),
            }
            Next::after_failure(&claim, None)
        }
        Err(_) => {
            tracing::warn!(queue, %key, "a look took too long");
            Next::after_failure(&claim, None)
        }
    };
    if let Err(error) = W::Keys::finish(db, &claim, next).await {
        tracing::warn!(queue, %key, %error, "a key could not be given back; its lease runs out");
    }
}

/// Ends when the lease is lost.
async fn keep_lease<K: Keys>(db: &Db, claim: &Claim) {
    let mut beat = interval(HEARTBEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.tick().await;
    loop {
        beat.tick().await;
        // A database that does not answer is no proof; every write asks again whether the lease holds.
        if let Ok(false) = K::renew(db, claim).await {
            return;
        }
    }
}
