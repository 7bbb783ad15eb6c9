//! What a run asks about what it delivers.

use domain::{
    delivery::{Observed, Standing, standing as judge},
    scaffold::tree::CommitId,
};
use uuid::Uuid;

use crate::{Db, Error, Result};

/// Whether this commit, or a later one, runs in the namespace.
pub(crate) async fn standing(db: &Db, cluster: &str, namespace: &str, wanted: &CommitId) -> Result<Standing> {
    let row = sqlx::query!(
        "select d.delivery_id, d.source_id, d.observed, d.synced_commit, d.problem
         from delivery d join tenant_namespace n using (namespace_id) join cluster c using (cluster_id)
         where c.name = $1 and n.name = $2",
        cluster,
        namespace,
    )
    .fetch_optional(&db.pool)
    .await?
    .ok_or_else(|| Error::internal(format!("the delivery to {cluster}/{namespace} was declared and is gone")))?;
    if let Some(problem) = row.problem {
        return Ok(Standing::UnderWay(problem));
    }
    let observed: Option<Observed> = row
        .observed
        .map(serde_json::from_value)
        .transpose()
        .map_err(|e| Error::internal(format!("delivery {}: {e}", row.delivery_id)))?;
    let is_reached = match &row.synced_commit {
        Some(synced) => is_reached(db, row.source_id, synced, wanted.as_str()).await?,
        None => false,
    };
    Ok(judge(observed.as_ref(), wanted, |_| is_reached))
}

/// Whether `synced` is `wanted` or came after it.
pub(super) async fn is_reached(db: &Db, source: Uuid, synced: &str, wanted: &str) -> Result<bool> {
    let later = sqlx::query_scalar!(
        r#"select $2 = $3 or exists (
               select from delivery_commit w join delivery_commit s using (source_id)
               where source_id = $1 and s.commit_id = $2 and w.commit_id = $3 and s.ordinal >= w.ordinal) as "later!""#,
        source,
        synced,
        wanted,
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(later)
}
