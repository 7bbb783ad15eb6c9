//! What the Git host and the engine were told.

use super::super::queue::Sources;
use crate::{
    Db, Result,
    keyed_queue::{Claim, Keys},
};

pub(in crate::delivery) async fn pushes_told(db: &Db, claim: &Claim, pushes: i64) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!("update delivery_source set pushes_told = $2 where source_id = $1", claim.key, pushes)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// The host has this webhook of the repository.
pub(in crate::delivery) async fn webhook(db: &Db, claim: &Claim, print: &[u8]) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!(
        "update delivery_source set webhook_print = $2, webhook_seen_at = now() where source_id = $1",
        claim.key,
        print,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}
