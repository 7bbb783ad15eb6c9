//! One look at the Git host, on behalf of one row of a queue.

use std::marker::PhantomData;

use sqlx::{Postgres, Transaction};

use super::{address::Host, worker::Reader};
use crate::{
    Db,
    git_host::GitHost,
    keyed_queue::{Claim, Keys, Stop},
};

pub(super) struct Look<'a, K> {
    pub(super) db: &'a Db,
    pub(super) git_host: &'a dyn GitHost,
    pub(super) host: &'a Host,
    pub(super) claim: &'a Claim,
    keys: PhantomData<K>,
}

impl<'a, K: Keys> Look<'a, K> {
    pub(super) fn new(reader: &'a Reader, claim: &'a Claim) -> Self {
        let Reader { db, git_host, host } = reader;
        Self { db, git_host: &**git_host, host, claim, keys: PhantomData }
    }

    /// A transaction that writes only while the row is still this worker's.
    pub(super) async fn fenced(&self) -> Result<Transaction<'static, Postgres>, Stop> {
        K::fenced(self.db, self.claim).await?.ok_or(Stop::LeaseLost)
    }
}
