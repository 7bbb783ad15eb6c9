//! Leases begin and end.

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    provisioning::declare::grant_accelerators_in,
};

/// Starts the leases of a request; the namespace holds them from now on. What was promised for them to the run that asked
/// is no promise any more.
pub(super) async fn begin(
    tx: &mut Transaction<'_, Postgres>,
    request: Uuid,
    namespace: Uuid,
    resources: &BTreeMap<String, u32>,
) -> Result<()> {
    let names: Vec<String> = resources.keys().cloned().collect();
    let counts: Vec<i32> = resources.values().map(|count| i32::try_from(*count).unwrap_or(i32::MAX)).collect();
    sqlx::query!(
        "insert into lease (request_id, resource, namespace_id, count, ends_at)
         select $1, resource, $2, count, (select until from quota_request where request_id = $1)
         from unnest($3::text[], $4::integer[]) as granted (resource, count)",
        request,
        namespace,
        &names,
        &counts,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update quota_reservation r
         set amount = greatest(r.amount - l.count, 1), released_at = case when r.amount <= l.count then now() end
         from quota_request q join lease l using (request_id) join tenant_namespace n on n.namespace_id = q.namespace_id
         join cluster c using (cluster_id)
         where q.request_id = $1 and r.run_id = q.run_id and r.cluster = c.name and r.resource = l.resource
           and r.released_at is null",
        request
    )
    .execute(&mut **tx)
    .await?;
    hold(tx, namespace).await
}

/// Ends the leases of a request now.
pub(super) async fn end(tx: &mut Transaction<'_, Postgres>, request: Uuid, namespace: Uuid) -> Result<()> {
    sqlx::query!("update lease set ended_at = now() where request_id = $1 and ended_at is null", request)
        .execute(&mut **tx)
        .await?;
    hold(tx, namespace).await
}

/// Ends every lease and every open request whose time is over and answers how many requests that were. What runs goes on
/// running; the quota lets nothing new in.
pub async fn end_due(db: &Db) -> Result<usize> {
    let mut ended = 0;
    loop {
        let mut tx = db.pool.begin().await?;
        let due = sqlx::query!(
            "select q.request_id, q.namespace_id from quota_request q
             where q.state in ('granted', 'pending') and q.until <= now() order by q.until limit 1 for update skip locked"
        )
        .fetch_optional(&mut *tx)
        .await?;
        let Some(due) = due else { return Ok(ended) };
        sqlx::query!("update quota_request set state = 'expired' where request_id = $1", due.request_id)
            .execute(&mut *tx)
            .await?;
        end(&mut tx, due.request_id, due.namespace_id).await?;
        let record = Record {
            actor: &Actor::System("worker"),
            action: "lease.end",
            target: format!("quota_request:{}", due.request_id),
            detail: json!({ "namespace": due.namespace_id, "consequence": "block_new" }),
        };
        audit::commit(tx, record).await?;
        ended += 1;
    }
}

/// Writes the sum of the running leases to the namespace. Its row is locked first, so that two changes add up.
async fn hold(tx: &mut Transaction<'_, Postgres>, namespace: Uuid) -> Result<()> {
    sqlx::query!("select namespace_id from tenant_namespace where namespace_id = $1 for update", namespace)
        .fetch_optional(&mut **tx)
        .await?
        .ok_or(Error::NotFound)?;
    let rows = sqlx::query!(
        r#"select resource, sum(count) as "count!" from lease where namespace_id = $1 and ended_at is null group by resource"#,
        namespace
    )
    .fetch_all(&mut **tx)
    .await?;
    let sums = rows.into_iter().map(|row| (row.resource, u32::try_from(row.count).unwrap_or(u32::MAX))).collect();
    grant_accelerators_in(tx, namespace, &sums).await?;
    Ok(())
}
