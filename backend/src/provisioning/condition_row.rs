//! Conditions as rows.

use std::collections::HashMap;

use domain::provisioning::{Condition, ConditionStatus, ConditionType, settle, unreachable};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Db, Error, Result};

pub(super) async fn of_one(db: &Db, namespace: Uuid) -> Result<Vec<Condition>> {
    Ok(of_many(db, &[namespace]).await?.remove(&namespace).unwrap_or_default())
}

/// In the order in which people read them.
pub(super) async fn of_many(db: &Db, namespaces: &[Uuid]) -> Result<HashMap<Uuid, Vec<Condition>>> {
    let rows = sqlx::query!("select * from namespace_condition where namespace_id = any($1)", namespaces)
        .fetch_all(&db.pool)
        .await?;
    let mut conditions: HashMap<Uuid, Vec<Condition>> = HashMap::new();
    for row in rows {
        let broken =
            || Error::internal(format!("namespace_condition {}: {} is not readable", row.namespace_id, row.r#type));
        conditions.entry(row.namespace_id).or_default().push(Condition {
            kind: ConditionType::parse(&row.r#type).ok_or_else(broken)?,
            status: ConditionStatus::parse(&row.status).ok_or_else(broken)?,
            reason: row.reason,
            message: row.message,
            since: row.since,
            observed_revision: row.observed_revision,
        });
    }
    conditions.values_mut().for_each(|of_one| of_one.sort_by_key(|c| c.kind));
    Ok(conditions)
}

pub(super) async fn write(connection: &mut PgConnection, namespace: Uuid, conditions: &[Condition]) -> Result<()> {
    for condition in conditions {
        sqlx::query!(
            "insert into namespace_condition (namespace_id, type, status, reason, message, since, observed_revision)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (namespace_id, type) do update
                 set status = excluded.status, reason = excluded.reason, message = excluded.message,
                     since = excluded.since, observed_revision = excluded.observed_revision",
            namespace,
            condition.kind.as_str(),
            condition.status.as_str(),
            condition.reason,
            condition.message,
            condition.since,
            condition.observed_revision,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Says of every namespace of the cluster that it cannot be looked at; one that already says so is left as it is.
pub(super) async fn write_unreachable(db: &Db, cluster_id: Uuid, reason: &str, message: &str) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let rows = sqlx::query!(
        r#"select namespace_id, observed_revision, now() as "now!" from tenant_namespace n
           where cluster_id = $1 and not exists (
               select from namespace_condition c
               where c.namespace_id = n.namespace_id and c.type = 'ClusterReachable' and c.status = 'False')
           for update skip locked"#,
        cluster_id
    )
    .fetch_all(&mut *tx)
    .await?;
    for row in rows {
        let before = of_one(db, row.namespace_id).await?;
        let after = settle(&before, unreachable(reason, message), row.observed_revision, row.now);
        write(&mut tx, row.namespace_id, &after).await?;
    }
    tx.commit().await?;
    Ok(())
}
