//! What brings the entities of a transaction their changes, for the trail that the database keeps of them.

use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::Result;

/// Before anything is written; holds until the transaction is over.
pub(super) async fn is_commit(tx: &mut Transaction<'_, Postgres>, commit: &str) -> Result<()> {
    set(tx, format!("commit:{commit}")).await
}

pub(super) async fn is_change(tx: &mut Transaction<'_, Postgres>, change: Uuid) -> Result<()> {
    set(tx, format!("change:{change}")).await
}

async fn set(tx: &mut Transaction<'_, Postgres>, cause: String) -> Result<()> {
    sqlx::query!("select set_config('waymark.cause', $1, true)", cause).fetch_one(&mut **tx).await?;
    Ok(())
}
