//! How a look at a key ends, and when the next one is.

use std::time::Duration;

use domain::provisioning::{MAX_BACKOFF, backoff};

use super::Claim;
use crate::{Error, cluster::Failure};

/// When to look again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Next {
    pub(crate) after: Duration,
    pub(crate) failures: u32,
}

/// Why a look did not run to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Another worker has the key now; nothing more was written.
    LeaseLost,
    Cluster(Failure),
    Platform(Error),
}

impl Next {
    /// Nothing is to be done: everything is looked at again after `every`, more or less a tenth.
    pub(crate) fn audit(every: Duration) -> Self {
        Self { after: every.mul_f64(0.9 + 0.2 * rand::random::<f64>()), failures: 0 }
    }

    /// The pauses grow; the failure of a cluster may say more about when to come again.
    pub(crate) fn after_failure(claim: &Claim, failure: Option<&Failure>) -> Self {
        let failures = claim.failures.saturating_add(1);
        let after = match failure {
            Some(failure) if failure.class.is_refusal() => MAX_BACKOFF,
            _ => backoff(failures, rand::random()),
        };
        let asked = failure.and_then(|failure| failure.retry_after);
        Self { after: asked.map_or(after, |asked| asked.max(after)), failures }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Platform(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Cluster(failure)
    }
}

/// What a write under the fence answers.
pub(crate) fn held(is_held: bool) -> Result<(), Stop> {
    if is_held { Ok(()) } else { Err(Stop::LeaseLost) }
}
