//! Whose turn it is.

use std::time::Duration;

use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::Next;
use crate::{Db, Result};

/// One key, this worker's alone until the lease ends.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) key: Uuid,
    pub(crate) epoch: i64,
    pub(crate) failures: u32,
    /// As it stood when the claim was made.
    pub(crate) wakes: i64,
}

/// The keys that workers of one kind share: all rows of a table or those of one scope, which the value holds. Implemented
/// by [`keyed_table`](super::keyed_table).
pub(crate) trait Keys: Send + Sync + 'static {
    /// The queue in the log, and the channel on which the database hints that something may be due.
    const QUEUE: &'static str;

    /// Takes up to `limit` due keys for 15 s.
    fn claim(&self, db: &Db, worker: &str, limit: i64) -> impl Future<Output = Result<Vec<Claim>>> + Send;

    /// How long until something is due that nobody holds.
    fn next_due(&self, db: &Db) -> impl Future<Output = Result<Option<Duration>>> + Send;

    /// Extends the lease. `false` when it was lost: then nothing more may be written.
    fn renew(db: &Db, claim: &Claim) -> impl Future<Output = Result<bool>> + Send;

    /// Asked before each write to the outside: enough of the lease must be left for the write to end within it.
    fn is_held(db: &Db, claim: &Claim) -> impl Future<Output = Result<bool>> + Send;

    /// Opens a transaction that holds the row; `None` when the claim is no longer this worker's.
    fn fenced(db: &Db, claim: &Claim) -> impl Future<Output = Result<Option<Transaction<'static, Postgres>>>> + Send;

    /// Gives the key back. What woke it during the look makes it due at once.
    fn finish(db: &Db, claim: &Claim, next: Next) -> impl Future<Output = Result<()>> + Send;

    /// Makes the key due, as a part of a larger change; the hint arrives when the transaction commits.
    fn wake(tx: &mut Transaction<'_, Postgres>, key: Uuid) -> impl Future<Output = Result<()>> + Send;
}

/// Keys that belong to namespaces of one cluster.
pub(crate) trait InCluster: Keys {
    /// Makes the key of the namespace due after `delay`, whatever it was resting for.
    fn wake_namespace(&self, db: &Db, namespace: &str, delay: Duration) -> impl Future<Output = Result<()>> + Send;
}
