//! Changes as people see them.

use domain::{
    access::{PersonId, Viewer},
    catalog::EntityRef,
    delivery::{ChangeKind, ChangeState, approval_refused},
};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Db, Error, Result};

/// A promotion, roll-back or release.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChangeView {
    pub id: Uuid,
    pub kind: ChangeKind,
    pub state: ChangeState,
    pub service: EntityRef,
    pub team: EntityRef,
    pub cluster: String,
    pub namespace: String,
    pub environment: String,
    /// The environment that is promoted from.
    pub from_environment: Option<String>,
    /// The commit whose overlay is taken.
    pub to_commit: Option<String>,
    pub repository: String,
    /// Unified, of everything that changes in the environment; null until it is worked out.
    pub diff: Option<String>,
    /// The commit that the left side of the difference shows, where that is not the head of the branch.
    pub compared_with: Option<String>,
    /// Sentences about what comes with it beside what was asked for.
    pub notes: Vec<String>,
    /// The first line of the commit.
    pub subject: Option<String>,
    pub commit: Option<String>,
    /// A sentence: why it ended, where it did not end well.
    pub problem: Option<String>,
    pub requested_by: String,
    pub decided_by: Option<String>,
    pub reason: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub confirmed_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub decided_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub pushed_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub finished_at: Option<OffsetDateTime>,
    /// The viewer asked for it.
    pub is_own: bool,
    /// The viewer may approve and deny it, if it waits for that.
    pub may_decide: bool,
}

struct Row {
    change_id: Uuid,
    kind: String,
    state: String,
    service: String,
    team: String,
    cluster: String,
    namespace: String,
    environment: String,
    from_environment: Option<String>,
    to_commit: Option<String>,
    repository: String,
    diff: Option<String>,
    compared_with: Option<String>,
    notes: Vec<String>,
    subject: Option<String>,
    commit_id: Option<String>,
    problem: Option<String>,
    person_id: Uuid,
    requested_by: String,
    decided_by: Option<String>,
    reason: Option<String>,
    created_at: OffsetDateTime,
    confirmed_at: Option<OffsetDateTime>,
    decided_at: Option<OffsetDateTime>,
    pushed_at: Option<OffsetDateTime>,
    finished_at: Option<OffsetDateTime>,
}

/// For the owning team and the platform team.
pub async fn find_change(viewer: &Viewer, db: &Db, change: Uuid) -> Result<ChangeView> {
    rows(viewer, db, Some(change), None, 1).await?.pop().ok_or(Error::NotFound)
}

/// The latest changes of a service, or of everything that the viewer may see.
pub async fn changes(viewer: &Viewer, db: &Db, service: Option<&str>, most: i64) -> Result<Vec<ChangeView>> {
    rows(viewer, db, None, service, most.clamp(1, 100)).await
}

async fn rows(
    viewer: &Viewer,
    db: &Db,
    change: Option<Uuid>,
    service: Option<&str>,
    most: i64,
) -> Result<Vec<ChangeView>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select c.change_id, c.kind, c.state, n.service, n.team, k.name as cluster, n.name as namespace, n.environment,
                  fn.environment as "from_environment?", c.to_commit, s.repository, c.diff, c.compared_with, c.notes,
                  c.subject, c.commit_id, c.problem,
                  c.person_id, p.login as requested_by, q.login as "decided_by?", c.reason, c.created_at, c.confirmed_at,
                  c.decided_at, c.pushed_at, c.finished_at
           from delivery_change c join delivery d using (delivery_id) join delivery_source s using (source_id)
               join tenant_namespace n using (namespace_id) join cluster k on k.cluster_id = n.cluster_id
               join person p on p.person_id = c.person_id
               left join delivery f on f.delivery_id = c.from_delivery
               left join tenant_namespace fn on fn.namespace_id = f.namespace_id
               left join person q on q.person_id = c.decided_by
           where ($1 or n.team = any($2)) and ($3::uuid is null or c.change_id = $3)
             and ($4::text is null or n.service = $4)
           order by c.created_at desc, c.change_id limit $5"#,
        viewer.sees_all_teams(),
        &viewer.teams,
        change,
        service,
        most,
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter().map(|row| view(viewer, row)).collect()
}

fn view(viewer: &Viewer, row: Row) -> Result<ChangeView> {
    let broken = |what: &str| Error::internal(format!("delivery_change {}: {what} is not readable", row.change_id));
    Ok(ChangeView {
        kind: row.kind.parse().map_err(|_| broken("kind"))?,
        state: row.state.parse().map_err(|_| broken("state"))?,
        service: EntityRef::new("component", "default", &row.service).map_err(|_| broken("service"))?,
        may_decide: approval_refused(viewer, &row.team, PersonId(row.person_id)).is_none(),
        team: EntityRef::new("group", "default", &row.team).map_err(|_| broken("team"))?,
        id: row.change_id,
        cluster: row.cluster,
        namespace: row.namespace,
        environment: row.environment,
        from_environment: row.from_environment,
        to_commit: row.to_commit,
        repository: row.repository,
        diff: row.diff,
        compared_with: row.compared_with,
        notes: row.notes,
        subject: row.subject,
        commit: row.commit_id,
        problem: row.problem,
        is_own: row.person_id == viewer.person.0,
        requested_by: row.requested_by,
        decided_by: row.decided_by,
        reason: row.reason,
        created_at: row.created_at,
        confirmed_at: row.confirmed_at,
        decided_at: row.decided_at,
        pushed_at: row.pushed_at,
        finished_at: row.finished_at,
    })
}
