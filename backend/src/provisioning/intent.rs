//! The intent as a pass reads it, with all that it needs to judge what it finds.

use std::collections::{BTreeMap, HashMap};

use domain::provisioning::{ClusterCapabilities, Condition, NamespaceIntent, ObjectKey, ObjectKind, Size};
use time::OffsetDateTime;
use uuid::Uuid;

use super::condition_row;
use crate::{Db, Error, Result};

pub(super) struct Loaded {
    pub(super) intent: NamespaceIntent,
    pub(super) capabilities: ClusterCapabilities,
    pub(super) uid: Option<String>,
    pub(super) observed_revision: i64,
    pub(super) conditions: Vec<Condition>,
    /// The hash of what was last written of each object.
    pub(super) written: HashMap<ObjectKey, String>,
    /// By the database's clock.
    pub(super) now: OffsetDateTime,
}

/// The latest revision, read for this one pass. `None` when the row is gone.
pub(super) async fn load(db: &Db, namespace: Uuid) -> Result<Option<Loaded>> {
    let Some(row) = sqlx::query!(
        r#"select n.name, n.team, n.service, n.environment, n.size, n.editors, n.viewers, n.deletion_protected, n.revision,
                  n.observed_revision, n.uid, c.name as cluster, c.capabilities, i.instance_id, now() as "now!"
           from tenant_namespace n join cluster c using (cluster_id) cross join installation i
           where n.namespace_id = $1"#,
        namespace
    )
    .fetch_optional(&db.pool)
    .await?
    else {
        return Ok(None);
    };
    let broken = |what: &str| Error::internal(format!("tenant_namespace {namespace}: {what} is not readable"));
    let intent = NamespaceIntent {
        id: namespace,
        instance: row.instance_id,
        cluster: row.cluster,
        name: row.name.parse().map_err(|_| broken("name"))?,
        team: row.team,
        service: row.service,
        environment: row.environment,
        size: Size::parse(&row.size).ok_or_else(|| broken("size"))?,
        accelerators: accelerators(db, namespace).await?,
        editors: row.editors,
        viewers: row.viewers,
        deletion_protected: row.deletion_protected,
        revision: row.revision,
    };
    Ok(Some(Loaded {
        intent,
        capabilities: serde_json::from_value(row.capabilities).map_err(|_| broken("capabilities"))?,
        uid: row.uid,
        observed_revision: row.observed_revision,
        conditions: condition_row::of_one(db, namespace).await?,
        written: written(db, namespace).await?,
        now: row.now,
    }))
}

async fn accelerators(db: &Db, namespace: Uuid) -> Result<BTreeMap<String, u32>> {
    let rows = sqlx::query!("select resource, count from namespace_accelerator where namespace_id = $1", namespace)
        .fetch_all(&db.pool)
        .await?;
    Ok(rows.into_iter().map(|row| (row.resource, u32::try_from(row.count).unwrap_or(0))).collect())
}

async fn written(db: &Db, namespace: Uuid) -> Result<HashMap<ObjectKey, String>> {
    let rows = sqlx::query!("select kind, name, spec_hash from managed_object where namespace_id = $1", namespace)
        .fetch_all(&db.pool)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((ObjectKey::new(ObjectKind::parse(&row.kind)?, row.name), row.spec_hash)))
        .collect())
}
