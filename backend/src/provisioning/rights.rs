//! Whether the platform's identity has what its role says, asked of the cluster and kept for people.

use std::sync::LazyLock;

use domain::{
    access::{Role, Viewer},
    provisioning::{Right, RoleRule, rights_of, rules_for},
};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Error, Result, cluster::Cluster};

/// The role that is shipped is the list of what has to be allowed; there is no other.
const SHIPPED: &str = include_str!("../../../deploy/cluster/platform-role.yaml");

static NEEDED: LazyLock<Vec<Right>> = LazyLock::new(|| {
    let documents: Vec<Value> = serde_saphyr::from_multiple(SHIPPED).unwrap_or_default();
    documents.iter().filter(|document| document["kind"] == "ClusterRole").flat_map(rights_of).collect()
});

/// What one cluster last said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterRights {
    pub cluster: String,
    /// `None`: it was never asked, and nothing is known.
    pub asked_at: Option<OffsetDateTime>,
    /// To be added to the role of the platform.
    pub missing: Vec<RoleRule>,
}

/// Of every cluster, for the platform team and for nobody else.
pub async fn rights(viewer: &Viewer, db: &Db) -> Result<Vec<ClusterRights>> {
    let rows = sqlx::query!(
        "select name, rights_asked_at, rights_missing from cluster where $1 order by name",
        viewer.has(Role::Platform)
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let missing = row.rights_missing.map(|json| read(&row.name, json)).transpose()?.unwrap_or_default();
            Ok(ClusterRights { cluster: row.name, asked_at: row.rights_asked_at, missing: rules_for(&missing) })
        })
        .collect()
}

/// Asks for every right and keeps the answer. Whether something is missing; what was given since wakes every namespace.
pub(super) async fn ask(db: &Db, cluster_id: Uuid, cluster: &Cluster) -> Result<bool> {
    let missing = cluster.lacks(&NEEDED).await.map_err(super::triggers::away)?;
    let json = serde_json::to_value(&missing).map_err(|e| Error::internal(format!("rights: {e}")))?;
    let mut tx = db.pool.begin().await?;
    let row = sqlx::query!("select name, rights_missing from cluster where cluster_id = $1 for update", cluster_id)
        .fetch_one(&mut *tx)
        .await?;
    let before = row.rights_missing.map(|json| read(&row.name, json)).transpose()?.unwrap_or_default();
    sqlx::query!(
        "update cluster set rights_asked_at = now(), rights_missing = $2 where cluster_id = $1",
        cluster_id,
        json
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    if missing != before && !missing.is_empty() {
        let rules: Vec<String> = rules_for(&missing).iter().map(ToString::to_string).collect();
        tracing::warn!(cluster = row.name, ?rules, "the platform's role lacks these rules");
    }
    if before.iter().any(|right| !missing.contains(right)) {
        super::queue::Namespaces { cluster_id }.wake_all(db).await?;
    }
    Ok(!missing.is_empty())
}

fn read(cluster: &str, json: Value) -> Result<Vec<Right>> {
    serde_json::from_value(json).map_err(|_| Error::internal(format!("cluster {cluster}: rights are not readable")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_role_is_read_whole() {
        assert!(NEEDED.len() > 150, "{}", NEEDED.len());
        for right in [
            Right::new("patch", "networking.k8s.io", "networkpolicies"),
            Right::new("create", "", "namespaces"),
            Right::new("get", "", "pods/log"),
            Right::to_bind("waymark-tenant-editor"),
        ] {
            assert!(NEEDED.contains(&right), "{right:?}");
        }
    }
}
