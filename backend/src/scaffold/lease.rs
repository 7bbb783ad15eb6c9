//! Who carries a run out. All times are the database's: clocks of workers may differ and jump.

use domain::scaffold::Plan;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{Db, Error, Result};

/// The right to write to one run. Each claim gets a higher epoch, and every write names it.
#[derive(Clone, Debug)]
pub(super) struct Lease {
    pub(super) run: Uuid,
    pub(super) epoch: i64,
}

/// A run that was claimed, with what it is to do.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) lease: Lease,
    pub(super) plan: Plan,
    pub(super) waits: u32,
    pub(super) requested_by: Uuid,
}

/// Why a write was not made.
#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    /// Another worker has the run now, or the run was cancelled; whoever sees this stops at once.
    #[error("the lease is gone")]
    Lease,
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<sqlx::Error> for Lost {
    fn from(error: sqlx::Error) -> Self {
        Self::Other(error.into())
    }
}

/// An effect is begun only while this much of the lease is left, in seconds.
const MARGIN_SECS: f64 = 5.0;

/// Takes the run that has waited longest and that nobody holds, for fifteen seconds.
pub(super) async fn claim(db: &Db, owner: &str) -> Result<Option<Claimed>> {
    let row = sqlx::query!(
        r#"update run set lease_owner = $1, lease_epoch = lease_epoch + 1, lease_until = now() + interval '15 seconds'
           from plan
           where plan.plan_id = run.plan_id and run_id = (
               select run_id from run
               where state in ('queued', 'running', 'waiting') and not_before <= now()
                 and (lease_until is null or lease_until < now())
               order by not_before for update skip locked limit 1)
           returning run.run_id, run.lease_epoch, run.waits, run.person_id, plan.content as "content!""#,
        owner,
    )
    .fetch_optional(&db.pool)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let plan = serde_json::from_value(row.content)
        .map_err(|e| Error::internal(format!("the plan of run {} cannot be read: {e}", row.run_id)))?;
    Ok(Some(Claimed {
        lease: Lease { run: row.run_id, epoch: row.lease_epoch },
        plan,
        waits: u32::try_from(row.waits).unwrap_or(0),
        requested_by: row.person_id,
    }))
}

impl Lease {
    /// Extends the lease; false when it is somebody else's.
    pub(super) async fn renew(&self, db: &Db) -> Result<bool> {
        let done = sqlx::query!(
            "update run set lease_until = now() + interval '15 seconds'
             where run_id = $1 and lease_epoch = $2 and lease_until > now()",
            self.run,
            self.epoch,
        )
        .execute(&db.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether there is time enough left to begin something that cannot be called back.
    pub(super) async fn check_margin(&self, db: &Db) -> std::result::Result<(), Lost> {
        let enough = sqlx::query_scalar!(
            r#"select exists (select 1 from run where run_id = $1 and lease_epoch = $2
                              and lease_until > now() + make_interval(secs => $3)) as "enough!""#,
            self.run,
            self.epoch,
            MARGIN_SECS,
        )
        .fetch_one(&db.pool)
        .await?;
        if enough { Ok(()) } else { Err(Lost::Lease) }
    }

    /// Begins a transaction in which the run is locked and the lease holds. Every write of a worker starts here.
    pub(super) async fn begin(&self, db: &Db) -> std::result::Result<Transaction<'static, Postgres>, Lost> {
        let mut tx = db.pool.begin().await?;
        let held = sqlx::query_scalar!(
            "select run_id from run
             where run_id = $1 and lease_epoch = $2 and lease_until > now() and state in ('queued', 'running', 'waiting')
             for update",
            self.run,
            self.epoch,
        )
        .fetch_optional(&mut *tx)
        .await?;
        if held.is_some() { Ok(tx) } else { Err(Lost::Lease) }
    }
}
