//! What a feature does with the keys of its queue.

use std::time::Duration;

use super::{Claim, Keys, Next, Stop};
use crate::cluster::Failure;

/// Looks at keys, one look after another for each, many keys at once.
pub(crate) trait Work: Send + Sync + 'static {
    type Keys: Keys;
    /// A look that takes longer is broken off.
    const DEADLINE: Duration;

    fn keys(&self) -> &Self::Keys;

    /// One look at one key; when to look again.
    fn look(&self, claim: &Claim) -> impl Future<Output = Result<Next, Stop>> + Send;

    /// Runs beside the looks and makes keys due as the world changes. The worker ends with it.
    fn watch(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }

    /// Nothing is claimed before this ends.
    fn ready(&self) -> impl Future<Output = ()> + Send {
        std::future::ready(())
    }

    /// How many of `most` keys may be under way now.
    fn room(&self, most: usize) -> usize {
        most
    }

    /// When to look again after the cluster broke a look off.
    fn after_failure(&self, claim: &Claim, failure: &Failure) -> Next {
        Next::after_failure(claim, Some(failure))
    }
}

/// How one worker behaves.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Stands with each lease; any text that tells workers apart.
    pub(crate) worker: String,
    /// Keys under way at once.
    pub(crate) concurrency: usize,
    /// The longest rest of an idle worker; a hint from the database ends it sooner.
    pub(crate) poll_every: Duration,
}
