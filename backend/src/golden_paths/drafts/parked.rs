//! Input that came when its session had ended. It waits for the same browser to sign in again: whoever that is has
//! typed it, or sits where it was typed.

use domain::access::PersonId;
use domain::golden_paths::form::Typed;

use super::{of_json, to_json};
use crate::{Db, Result};

/// Nobody has to sign in to leave something here, so there is an end to it: with forms of at most 64 KiB, 64 MiB.
const MAX_PARKED: i64 = 1000;

/// Keeps the input under the hash of a token that the browser holds. False when there is no room, or no such path.
pub async fn park(db: &Db, token: &[u8; 32], golden_path: &str, typed: &Typed) -> Result<bool> {
    let parked = sqlx::query!(
        "insert into parked_input (token_hash, golden_path, typed)
         select $1, name, $3::text::json from golden_path where name = $2 and (select count(*) from parked_input) < $4
         on conflict (token_hash) do update
             set golden_path = excluded.golden_path, typed = excluded.typed, created_at = now()",
        &token[..],
        golden_path,
        to_json(typed)?,
        MAX_PARKED,
    )
    .execute(&db.pool)
    .await?;
    Ok(parked.rows_affected() == 1)
}

/// Makes the input the draft of whoever has signed in, once and within the hour, and answers its path.
pub async fn resume(db: &Db, person: PersonId, token: &[u8; 32]) -> Result<Option<String>> {
    let mut tx = db.pool.begin().await?;
    let parked = sqlx::query!(
        "delete from parked_input where token_hash = $1 and created_at > now() - interval '1 hour'
         returning golden_path, typed",
        &token[..],
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(parked) = parked else { return Ok(None) };
    let typed: Typed = of_json(parked.typed)?;
    sqlx::query!(
        "insert into draft (person_id, golden_path, typed) values ($1, $2, $3::text::json)
         on conflict (person_id, golden_path) do update
             set typed = excluded.typed, errors = excluded.errors, updated_at = now()",
        person.0,
        parked.golden_path,
        to_json(&typed)?,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Some(parked.golden_path))
}

/// Removes what nobody came back for.
pub async fn purge_parked(db: &Db) -> Result<u64> {
    let gone =
        sqlx::query!("delete from parked_input where created_at < now() - interval '1 hour'").execute(&db.pool).await?;
    Ok(gone.rows_affected())
}
