//! The catalog as documents, for those who take it elsewhere.

use domain::catalog::EntityRef;
use serde_json::Value;

use crate::{Db, Result};

/// Documents that are read together.
const CHUNK: i64 = 500;

/// Every entity, or those of one owner, after a reference and by their references; none when there are no more. Without a
/// viewer: whoever may read the whole database asks.
pub async fn export(db: &Db, owner: Option<&EntityRef>, after: &str) -> Result<Vec<(String, Value)>> {
    let rows = sqlx::query!(
        r#"select reference as "reference!", document from entity
           where removed_at is null and reference > $1 and ($2::text is null or owner = $2) order by reference limit $3"#,
        after,
        owner.map(ToString::to_string),
        CHUNK,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.reference, row.document)).collect())
}
