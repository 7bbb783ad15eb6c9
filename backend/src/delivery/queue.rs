//! Whose turn it is. A row is due, then leased to one worker under an epoch that only grows; every later write names it.
//! Time is the database's, so workers need not agree on theirs.

use std::time::Duration;

use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{Db, Result};

/// One repository, this worker's alone until the lease ends.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) source_id: Uuid,
    pub(super) epoch: i64,
    pub(super) failures: u32,
    /// As it stood when the claim was made.
    pub(super) wakes: i64,
}

/// When to look again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    pub(super) after: Duration,
    pub(super) failures: u32,
}

/// Takes up to `limit` due repositories of a cluster for 15 s.
pub(super) async fn claim(db: &Db, cluster_id: Uuid, worker: &str, limit: i64) -> Result<Vec<Claim>> {
    let rows = sqlx::query!(
        "update delivery_source n
         set lease_owner = $2, lease_epoch = lease_epoch + 1, lease_until = now() + interval '15 seconds'
         from (select source_id from delivery_source
               where cluster_id = $1 and due_at <= now() and (lease_until is null or lease_until < now())
               order by due_at limit $3 for update skip locked) due
         where n.source_id = due.source_id
         returning n.source_id, n.lease_epoch, n.failures, n.wakes",
        cluster_id,
        worker,
        limit,
    )
    .fetch_all(&db.pool)
    .await?;
    let claims = rows.into_iter().map(|row| Claim {
        source_id: row.source_id,
        epoch: row.lease_epoch,
        failures: u32::try_from(row.failures).unwrap_or(0),
        wakes: row.wakes,
    });
    Ok(claims.collect())
}

/// Seconds until something is due that nobody holds.
pub(super) async fn next_due(db: &Db, cluster_id: Uuid) -> Result<Option<Duration>> {
    let seconds = sqlx::query_scalar!(
        r#"select extract(epoch from min(greatest(due_at, coalesce(lease_until, due_at))) - now())::float8
           from delivery_source where cluster_id = $1"#,
        cluster_id
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(seconds.map(|s| Duration::try_from_secs_f64(s).unwrap_or_default()))
}

/// Extends the lease. `false` when it was lost: then nothing more may be written.
pub(super) async fn renew(db: &Db, claim: &Claim) -> Result<bool> {
    let renewed = sqlx::query!(
        "update delivery_source set lease_until = now() + interval '15 seconds'
         where source_id = $1 and lease_epoch = $2 and lease_until > now()",
        claim.source_id,
        claim.epoch,
    )
    .execute(&db.pool)
    .await?;
    Ok(renewed.rows_affected() == 1)
}

/// Asked before each write to the cluster: enough of the lease must be left for the write to end within it.
pub(super) async fn is_held(db: &Db, claim: &Claim) -> Result<bool> {
    let held = sqlx::query_scalar!(
        r#"select exists (select from delivery_source
               where source_id = $1 and lease_epoch = $2 and lease_until > now() + interval '5 seconds') as "held!""#,
        claim.source_id,
        claim.epoch,
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(held)
}

/// Opens a transaction that holds the row; `None` when the claim is no longer this worker's.
pub(super) async fn fenced<'a>(db: &Db, claim: &Claim) -> Result<Option<Transaction<'a, Postgres>>> {
    let mut tx = db.pool.begin().await?;
    let row = sqlx::query!(
        "select source_id from delivery_source where source_id = $1 and lease_epoch = $2 for update",
        claim.source_id,
        claim.epoch,
    )
    .fetch_optional(&mut *tx)
    .await?;
    Ok(row.map(|_| tx))
}

/// Gives the repository back. What woke it during the pass makes it due at once.
pub(super) async fn finish(db: &Db, claim: &Claim, next: Next) -> Result<()> {
    sqlx::query!(
        "update delivery_source
         set lease_owner = null, lease_until = null, failures = $4,
             due_at = case when wakes = $3 then now() + make_interval(secs => $5) else now() end
         where source_id = $1 and lease_epoch = $2",
        claim.source_id,
        claim.epoch,
        claim.wakes,
        i32::try_from(next.failures).unwrap_or(i32::MAX),
        next.after.as_secs_f64(),
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// Makes the repository that is delivered to this namespace due after `delay`, whatever it was resting for.
pub(super) async fn wake(db: &Db, cluster_id: Uuid, namespace: &str, delay: Duration) -> Result<()> {
    sqlx::query!(
        "with woken as (
             update delivery_source s
             set wakes = s.wakes + 1, due_at = least(s.due_at, now() + make_interval(secs => $3))
             from delivery d join tenant_namespace n using (namespace_id)
             where d.source_id = s.source_id and n.cluster_id = $1 and n.name = $2 returning s.source_id)
         select pg_notify('delivery', '') from woken",
        cluster_id,
        namespace,
        delay.as_secs_f64(),
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// As a part of a larger change.
pub(super) async fn wake_source(tx: &mut Transaction<'_, Postgres>, source: Uuid) -> Result<()> {
    sqlx::query!("update delivery_source set wakes = wakes + 1, due_at = now() where source_id = $1", source)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("select pg_notify('delivery', '')").execute(&mut **tx).await?;
    Ok(())
}
