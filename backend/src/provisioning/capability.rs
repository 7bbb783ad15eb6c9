//! The cluster's own row: what it can do and whether it answers.

use std::collections::BTreeMap;

use domain::provisioning::ClusterCapabilities;
use uuid::Uuid;

use super::{condition_row, queue::Namespaces};
use crate::{
    Db, Error, Result,
    cluster::{Cluster, Failure},
};

/// The row of the cluster, made when this is the first time it is seen.
pub(super) async fn register(db: &Db, name: &str) -> Result<Uuid> {
    sqlx::query!(
        "insert into cluster (name) values ($1) on conflict on constraint cluster_name_unique do nothing",
        name
    )
    .execute(&db.pool)
    .await?;
    Ok(sqlx::query_scalar!("select cluster_id from cluster where name = $1", name).fetch_one(&db.pool).await?)
}

/// The ids of the cluster and of this installation.
pub(crate) async fn register_cluster(db: &Db, cluster: &Cluster) -> Result<(Uuid, Uuid)> {
    Ok((register(db, cluster.name()).await?, instance(db).await?))
}

pub(super) async fn instance(db: &Db) -> Result<Uuid> {
    Ok(sqlx::query_scalar!("select instance_id from installation").fetch_one(&db.pool).await?)
}

/// Takes over what was seen. What has changed makes every namespace due: a new accelerator must stand at zero everywhere.
pub(super) async fn learn(db: &Db, cluster_id: Uuid, seen: ClusterCapabilities) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let row = sqlx::query_scalar!("select capabilities from cluster where cluster_id = $1 for update", cluster_id)
        .fetch_one(&mut *tx)
        .await?;
    let before: ClusterCapabilities = serde_json::from_value(row)
        .map_err(|_| Error::internal(format!("cluster {cluster_id}: capabilities are not readable")))?;
    let after = before.learn(seen);
    if after == before {
        return Ok(());
    }
    let json = serde_json::to_value(&after).map_err(|e| Error::internal(format!("capabilities: {e}")))?;
    sqlx::query!("update cluster set capabilities = $2, updated_at = now() where cluster_id = $1", cluster_id, json)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    tracing::info!(cluster_id = %cluster_id, accelerators = ?after.accelerators, "the cluster can do something else now");
    Namespaces { cluster_id }.wake_all(db).await
}

/// Keeps what the nodes offer. What they no longer offer is known to be none.
pub(super) async fn keep_allocatable(db: &Db, cluster_id: Uuid, seen: &BTreeMap<String, i64>) -> Result<()> {
    let (names, amounts): (Vec<String>, Vec<i64>) = seen.iter().map(|(name, amount)| (name.clone(), *amount)).unzip();
    sqlx::query!(
        "with gone as (update cluster_accelerator set allocatable = 0, observed_at = now()
                       where cluster_id = $1 and resource <> all($2))
         insert into cluster_accelerator (cluster_id, resource, allocatable)
         select $1, resource, amount from unnest($2::text[], $3::bigint[]) as seen (resource, amount)
         on conflict (cluster_id, resource) do update set allocatable = excluded.allocatable, observed_at = now()",
        cluster_id,
        &names,
        &amounts,
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

/// Asks the cluster and keeps the answer, with the namespaces' conditions when it does not answer.
pub(super) async fn check(db: &Db, cluster_id: Uuid, cluster: &Cluster) -> Result<bool> {
    match cluster.probe().await {
        Ok(()) => {
            set_reachable(db, cluster_id, true, None).await?;
            Ok(true)
        }
        Err(failure) => {
            lost(db, cluster_id, &failure).await?;
            Ok(false)
        }
    }
}

async fn lost(db: &Db, cluster_id: Uuid, failure: &Failure) -> Result<()> {
    let message = format!(
        "The cluster does not answer ({failure}). What was asked for is kept and carried out when it does; nothing is deleted."
    );
    set_reachable(db, cluster_id, false, Some(&message)).await?;
    condition_row::write_unreachable(db, cluster_id, failure.class.as_str(), &message).await
}

async fn set_reachable(db: &Db, cluster_id: Uuid, reachable: bool, message: Option<&str>) -> Result<()> {
    sqlx::query!(
        "update cluster set reachable = $2, reachable_message = $3, reachable_changed_at = now(), updated_at = now()
         where cluster_id = $1 and reachable is distinct from $2",
        cluster_id,
        reachable,
        message,
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}
