//! Reading requests.

use std::collections::BTreeMap;

use domain::{
    access::{Role, Viewer},
    provisioning::LeaseVerdict,
};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ask::stored;
use crate::{Db, Error, Result, reference};

/// A request as pages and programs see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LeaseView {
    pub id: Uuid,
    pub state: String,
    pub cluster: String,
    pub namespace: String,
    #[serde(serialize_with = "reference::group")]
    pub team: String,
    #[serde(serialize_with = "reference::component")]
    pub service: String,
    pub environment: String,
    pub resources: BTreeMap<String, u32>,
    pub reason: String,
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    pub requested_by: String,
    /// Null where the policy decided, and while nobody has.
    pub decided_by: Option<String>,
    pub decision: Option<String>,
    pub lease: Option<LeaseTimes>,
    pub policy: Vec<LeaseVerdict>,
    /// Whether this viewer may decide about it.
    #[serde(skip)]
    pub can_decide: bool,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeaseTimes {
    #[serde(with = "time::serde::rfc3339")]
    pub from: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    pub consequence: String,
}

/// Which requests to list; everything that is set must match.
#[derive(Clone, Debug, Default)]
pub struct LeaseFilter {
    pub only: Option<Uuid>,
    /// Cluster and name of a namespace.
    pub namespace: Option<(String, String)>,
    pub state: Option<String>,
    /// Only those older than this one, for the next page.
    pub after: Option<Uuid>,
    pub limit: i64,
}

/// One request, for its team and the platform team.
pub async fn find(viewer: &Viewer, db: &Db, request: Uuid) -> Result<LeaseView> {
    let filter = LeaseFilter { only: Some(request), limit: 1, ..LeaseFilter::default() };
    list(viewer, db, &filter).await?.pop().ok_or(Error::NotFound)
}

/// Requests, newest first.
pub async fn list(viewer: &Viewer, db: &Db, filter: &LeaseFilter) -> Result<Vec<LeaseView>> {
    let (cluster, namespace) = filter.namespace.clone().unzip();
    let rows = sqlx::query!(
        r#"select q.request_id, q.state, c.name as cluster, n.name as namespace, q.team, n.service, n.environment,
                  q.resources, q.reason, q.until, q.person_id, asked.login as requested_by, decided.login as "decided_by?",
                  q.decision, q.policy, q.created_at,
                  (select min(starts_at) from lease where request_id = q.request_id) as starts_at,
                  (select max(coalesce(ended_at, ends_at)) from lease where request_id = q.request_id) as ends_at,
                  (select min(consequence) from lease where request_id = q.request_id) as consequence
           from quota_request q join tenant_namespace n using (namespace_id) join cluster c using (cluster_id)
           join person asked on asked.person_id = q.person_id left join person decided on decided.person_id = q.decided_by
           where (q.team = any($1) or $2)
             and ($3::uuid is null or q.request_id = $3) and ($4::text is null or q.state = $4)
             and ($7::text is null or (c.name = $7 and n.name = $8))
             and ($5::uuid is null
                  or (q.created_at, q.request_id) < (select created_at, request_id from quota_request where request_id = $5))
           order by q.created_at desc, q.request_id desc limit $6"#,
        &viewer.teams,
        viewer.sees_all_teams(),
        filter.only,
        filter.state,
        filter.after,
        filter.limit.clamp(1, 100),
        cluster,
        namespace,
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let is_open = row.state == "pending";
            let times = row.starts_at.zip(row.ends_at).zip(row.consequence);
            Ok(LeaseView {
                id: row.request_id,
                can_decide: is_open && viewer.has(Role::Platform) && row.person_id != viewer.person.0,
                state: row.state,
                cluster: row.cluster,
                namespace: row.namespace,
                team: row.team,
                service: row.service,
                environment: row.environment,
                resources: resources(row.request_id, row.resources)?,
                reason: row.reason,
                until: row.until,
                requested_by: row.requested_by,
                decided_by: row.decided_by,
                decision: row.decision,
                lease: times.map(|((from, until), consequence)| LeaseTimes { from, until, consequence }),
                policy: stored(row.policy)?,
                created_at: row.created_at,
            })
        })
        .collect()
}

fn resources(request: Uuid, value: Value) -> Result<BTreeMap<String, u32>> {
    serde_json::from_value(value).map_err(|e| Error::internal(format!("quota_request {request}: resources: {e}")))
}
