//! What people see of namespaces. Whose they are stands in the SQL itself.

use std::collections::HashMap;

use domain::{
    access::Viewer,
    catalog::EntityRef,
    provisioning::{NamespaceView, QuotaLine, Size, aged},
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{condition_row, drift_row};
use crate::{Db, Error, Result};

/// Two audits without a look, and nothing counts as known.
const STALE_AFTER: Duration = Duration::minutes(20);
const MAX_PAGE: i64 = 100;
/// How many findings of drift one namespace shows.
const DRIFT_SHOWN: i64 = 50;

/// What to list. Team and service are the names of their catalog entities.
#[derive(Clone, Debug, Default)]
pub struct NamespaceFilter {
    pub cluster: Option<String>,
    pub team: Option<String>,
    pub service: Option<String>,
    /// `next_cursor` of the page before.
    pub after: Option<String>,
    /// 1 to 100; 50 when absent.
    pub limit: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct NamespacePage {
    pub items: Vec<NamespaceView>,
    pub next_cursor: Option<String>,
}

struct Row {
    namespace_id: Uuid,
    cluster: String,
    name: String,
    uid: Option<String>,
    team: String,
    service: String,
    environment: String,
    size: String,
    revision: i64,
    observed_revision: i64,
    observed_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
}

/// The namespaces of the viewer's teams, or all of them for the platform team, by cluster and name.
pub async fn list(viewer: &Viewer, db: &Db, filter: &NamespaceFilter) -> Result<NamespacePage> {
    let limit = filter.limit.unwrap_or(50).clamp(1, MAX_PAGE);
    let (after_cluster, after_name) = filter.after.as_deref().and_then(|c| c.split_once('/')).unwrap_or_default();
    let mut rows = sqlx::query_as!(
        Row,
        r#"select n.namespace_id, c.name as cluster, n.name, n.uid, n.team, n.service, n.environment, n.size, n.revision,
                  n.observed_revision, n.observed_at, now() as "now!"
           from tenant_namespace n join cluster c using (cluster_id)
           where ($1 or n.team = any($2))
             and ($3::text is null or c.name = $3) and ($4::text is null or n.team = $4) and ($5::text is null or n.service = $5)
             and (c.name, n.name) > ($6, $7)
           order by c.name, n.name limit $8"#,
        viewer.sees_all_teams(),
        &viewer.teams,
        filter.cluster,
        filter.team,
        filter.service,
        after_cluster,
        after_name,
        limit + 1,
    )
    .fetch_all(&db.pool)
    .await?;
    let has_more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        rows.pop();
    }
    let next_cursor = rows.last().filter(|_| has_more).map(|last| format!("{}/{}", last.cluster, last.name));
    Ok(NamespacePage { items: views(db, rows).await?, next_cursor })
}

/// One namespace. Somebody else's looks like one that is not there.
pub async fn find(viewer: &Viewer, db: &Db, cluster: &str, name: &str) -> Result<NamespaceView> {
    let row = sqlx::query_as!(
        Row,
        r#"select n.namespace_id, c.name as cluster, n.name, n.uid, n.team, n.service, n.environment, n.size, n.revision,
                  n.observed_revision, n.observed_at, now() as "now!"
           from tenant_namespace n join cluster c using (cluster_id)
           where ($1 or n.team = any($2)) and c.name = $3 and n.name = $4"#,
        viewer.sees_all_teams(),
        &viewer.teams,
        cluster,
        name,
    )
    .fetch_one(&db.pool)
    .await?;
    views(db, vec![row]).await?.pop().ok_or(Error::NotFound)
}

async fn views(db: &Db, rows: Vec<Row>) -> Result<Vec<NamespaceView>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.namespace_id).collect();
    let mut conditions = condition_row::of_many(db, &ids).await?;
    let mut drift = drift_row::of_many(db, &ids, DRIFT_SHOWN).await?;
    let mut quota = quotas(db, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let broken =
                |what: &str| Error::internal(format!("tenant_namespace {}: {what} is not readable", row.namespace_id));
            let id = row.namespace_id;
            Ok(NamespaceView {
                team: EntityRef::new("group", "default", &row.team).map_err(|_| broken("team"))?,
                service: EntityRef::new("component", "default", &row.service).map_err(|_| broken("service"))?,
                size: Size::parse(&row.size).ok_or_else(|| broken("size"))?,
                conditions: aged(conditions.remove(&id).unwrap_or_default(), row.observed_at, row.now, STALE_AFTER),
                quota: quota.remove(&id).unwrap_or_default(),
                drift: drift.remove(&id).unwrap_or_default(),
                cluster: row.cluster,
                name: row.name,
                uid: row.uid,
                environment: row.environment,
                revision: row.revision,
                observed_revision: row.observed_revision,
            })
        })
        .collect()
}

async fn quotas(db: &Db, namespaces: &[Uuid]) -> Result<HashMap<Uuid, Vec<QuotaLine>>> {
    let rows = sqlx::query!(
        "select * from namespace_quota where namespace_id = any($1) order by object, resource",
        namespaces
    )
    .fetch_all(&db.pool)
    .await?;
    let mut lines: HashMap<Uuid, Vec<QuotaLine>> = HashMap::new();
    for row in rows {
        lines.entry(row.namespace_id).or_default().push(QuotaLine {
            object: row.object,
            resource: row.resource,
            spec: row.spec,
            enforced: row.enforced,
            used: row.used,
        });
    }
    Ok(lines)
}
