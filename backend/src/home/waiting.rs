//! What only the viewer can bring forward: decisions that they may take, and changes that they asked for.
//!
//! Who may decide is the rule of the operation that decides; here it stands in the SQL, so that nobody is shown a
//! decision that is not theirs.

use std::collections::BTreeMap;

use domain::access::{Role, Viewer};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingKind {
    /// Accelerators that somebody asked for; the platform team decides.
    QuotaRequest,
    /// A change to production; a lead of the team decides.
    Approval,
    /// A change of their own whose difference they have not confirmed.
    Confirmation,
}

/// One thing that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub kind: WaitingKind,
    /// Of the request, or of the change.
    pub id: Uuid,
    /// In a few words: "3 × nvidia.com/gpu", or the first line of the commit.
    pub what: String,
    pub service: String,
    pub environment: String,
    pub team: String,
    pub requested_by: String,
    pub since: OffsetDateTime,
}

/// More than that is shown on the pages of requests and of delivery.
const MOST: i64 = 20;

/// The longest-waiting first; twenty at most.
pub async fn waiting(viewer: &Viewer, db: &Db) -> Result<Vec<Waiting>> {
    let rows = sqlx::query!(
        r#"select 'quota_request' as "kind!", q.request_id as "id!", q.resources, null as subject, n.service as "service!",
                  n.environment as "environment!", q.team as "team!", p.login as "requested_by!", q.created_at as "since!"
           from quota_request q join tenant_namespace n using (namespace_id) join person p on p.person_id = q.person_id
           where q.state = 'pending' and $2 and q.person_id <> $1
           union all
           select case c.state when 'ready' then 'confirmation' else 'approval' end, c.change_id, null, c.subject, n.service,
                  n.environment, n.team, p.login, coalesce(c.confirmed_at, c.created_at)
           from delivery_change c join delivery d using (delivery_id) join tenant_namespace n using (namespace_id)
               join person p on p.person_id = c.person_id
           where (c.state = 'awaiting_approval' and n.team = any($3) and c.person_id <> $1)
              or (c.state = 'ready' and n.team = any($4) and c.person_id = $1)
           order by 9, 2 limit $5"#,
        viewer.person.0,
        viewer.has(Role::Platform),
        &viewer.led_teams(),
        &viewer.teams,
        MOST,
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let (kind, what) = match row.kind.as_str() {
                "quota_request" => (WaitingKind::QuotaRequest, asked(row.id, row.resources)?),
                "approval" => (WaitingKind::Approval, row.subject.unwrap_or_default()),
                _ => (WaitingKind::Confirmation, row.subject.unwrap_or_default()),
            };
            Ok(Waiting {
                kind,
                what,
                id: row.id,
                service: row.service,
                environment: row.environment,
                team: row.team,
                requested_by: row.requested_by,
                since: row.since,
            })
        })
        .collect()
}

/// How many there are, for the menu of every page.
pub async fn waiting_count(viewer: &Viewer, db: &Db) -> Result<u64> {
    let count = sqlx::query_scalar!(
        r#"select (select count(*) from quota_request q where q.state = 'pending' and $2 and q.person_id <> $1)
                + (select count(*) from delivery_change c join delivery d using (delivery_id)
                       join tenant_namespace n using (namespace_id)
                   where (c.state = 'awaiting_approval' and n.team = any($3) and c.person_id <> $1)
                      or (c.state = 'ready' and n.team = any($4) and c.person_id = $1)) as "count!""#,
        viewer.person.0,
        viewer.has(Role::Platform),
        &viewer.led_teams(),
        &viewer.teams,
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn asked(request: Uuid, resources: Option<Value>) -> Result<String> {
    let resources: BTreeMap<String, u32> = serde_json::from_value(resources.unwrap_or_default())
        .map_err(|e| Error::internal(format!("quota_request {request}: resources: {e}")))?;
    let asked: Vec<String> = resources.iter().map(|(resource, count)| format!("{count} × {resource}")).collect();
    Ok(asked.join(", "))
}
