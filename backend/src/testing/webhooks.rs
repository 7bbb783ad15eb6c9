//! What events of other systems left behind, and a repository for them to be about.

use crate::{Db, Result};

/// A repository that is delivered from, on a cluster that nobody is connected to.
pub async fn source(db: &Db, repository: &str) -> Result<()> {
    sqlx::query("insert into cluster (name) values ('local') on conflict do nothing").execute(&db.pool).await?;
    sqlx::query(
        "insert into delivery_source (cluster_id, repository, branch)
         select cluster_id, $1, 'main' from cluster where name = 'local'",
    )
    .bind(repository)
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// How often the repository was woken.
pub async fn wakes(db: &Db, repository: &str) -> Result<i64> {
    let wakes = sqlx::query_scalar("select wakes from delivery_source where repository = $1");
    Ok(wakes.bind(repository).fetch_one(&db.pool).await?)
}

/// Event and repository of what was accepted, in order.
pub async fn accepted(db: &Db) -> Result<Vec<(String, Option<String>)>> {
    let rows = sqlx::query_as("select event, repository from webhook_delivery order by received_at, delivery");
    Ok(rows.fetch_all(&db.pool).await?)
}
