//! Which commit a production environment runs.

use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::super::queue::Sources;
use crate::{
    Db, Error, Result,
    keyed_queue::{Claim, Keys},
};

/// The first pin of an environment that has none.
pub(in crate::delivery) async fn adopted(
    db: &Db,
    claim: &Claim,
    place: Uuid,
    commit: &str,
    detail: &str,
) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!(
        "with new as (
             insert into delivery_pin (delivery_id, commit_id, kind) values ($1, $2, 'adopted') returning delivery_id),
         raised as (
             update delivery set revision = revision + 1 where delivery_id in (select delivery_id from new))
         insert into delivery_event (delivery_id, kind, detail) select delivery_id, 'pinned', $3 from new",
        place,
        commit,
        detail,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Moves the pin to the commit of a change, in the transaction that notes its push. Whoever approved it stands beside it.
pub(super) async fn moved(tx: &mut Transaction<'_, Postgres>, change: Uuid) -> Result<()> {
    let raised = sqlx::query!(
        "with new as (
             insert into delivery_pin (delivery_id, commit_id, kind, change_id, requested_by, approved_by)
             select delivery_id, commit_id, 'change', change_id, person_id, decided_by from delivery_change
             where change_id = $1 and decided_by <> person_id returning delivery_id)
         update delivery set revision = revision + 1 where delivery_id in (select delivery_id from new)",
        change
    )
    .execute(&mut **tx)
    .await?;
    if raised.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Error::internal(format!("delivery_change {change} was never approved by another lead")))
    }
}
