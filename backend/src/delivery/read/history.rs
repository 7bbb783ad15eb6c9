//! What was before: commits, releases, and what the platform found and did.

use std::collections::HashMap;

use domain::access::Viewer;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Db, Result};

const SHOWN: i64 = 20;

/// A state of an overlay that was in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReleaseView {
    pub commit: String,
    pub images: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub synced_at: OffsetDateTime,
}

/// Something that the platform itself found or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventView {
    pub kind: String,
    pub detail: String,
    pub at: OffsetDateTime,
}

/// A commit on the branch that is delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommitView {
    pub id: String,
    /// As written in the commit.
    pub author: String,
    pub subject: String,
    #[serde(with = "time::serde::rfc3339")]
    pub committed_at: OffsetDateTime,
    /// The run that its trailer names.
    pub run: Option<Uuid>,
    /// The promotion or roll-back that its trailer names.
    pub change: Option<Uuid>,
    /// Who asked for that.
    pub requested_by: Option<String>,
}

/// The latest commits of a service's repository, for those who may see its delivery.
pub async fn commits(viewer: &Viewer, db: &Db, repository: &str) -> Result<Vec<CommitView>> {
    let rows = sqlx::query!(
        r#"select k.commit_id, k.author, k.subject, k.committed_at, r.run_id as "run_id?", c.change_id as "change_id?",
                  coalesce(cp.login, rp.login) as requested_by
           from delivery_commit k join delivery_source s using (source_id)
               left join delivery_change c on c.change_id = k.run_id
               left join person cp on cp.person_id = c.person_id
               left join run r on r.run_id = k.run_id
               left join person rp on rp.person_id = r.person_id
           where s.repository = $1 and exists (
               select from delivery d join tenant_namespace n using (namespace_id)
               where d.source_id = s.source_id and ($2 or n.team = any($3)))
           order by k.ordinal desc limit $4"#,
        repository,
        viewer.sees_all_teams(),
        &viewer.teams,
        SHOWN,
    )
    .fetch_all(&db.pool)
    .await?;
    let views = rows.into_iter().map(|row| CommitView {
        id: row.commit_id,
        author: row.author,
        subject: row.subject,
        committed_at: row.committed_at,
        run: row.run_id,
        change: row.change_id,
        requested_by: row.requested_by,
    });
    Ok(views.collect())
}

pub(super) async fn releases(db: &Db, deliveries: &[Uuid]) -> Result<HashMap<Uuid, Vec<ReleaseView>>> {
    let rows = sqlx::query!(
        r#"select r.delivery_id as "delivery_id!", r.commit_id as "commit_id!", r.images as "images!", r.synced_at as "synced_at!"
           from unnest($1::uuid[]) as wanted (delivery_id) cross join lateral (
               select * from delivery_release r where r.delivery_id = wanted.delivery_id
               order by synced_at desc limit $2) r
           order by r.delivery_id, r.synced_at desc"#,
        deliveries,
        SHOWN,
    )
    .fetch_all(&db.pool)
    .await?;
    let mut all: HashMap<Uuid, Vec<ReleaseView>> = HashMap::new();
    for row in rows {
        let release = ReleaseView { commit: row.commit_id, images: row.images, synced_at: row.synced_at };
        all.entry(row.delivery_id).or_default().push(release);
    }
    Ok(all)
}

pub(super) async fn events(db: &Db, deliveries: &[Uuid]) -> Result<HashMap<Uuid, Vec<EventView>>> {
    let rows = sqlx::query!(
        r#"select e.delivery_id as "delivery_id!", e.kind as "kind!", e.detail as "detail!", e.at as "at!"
           from unnest($1::uuid[]) as wanted (delivery_id) cross join lateral (
               select * from delivery_event e where e.delivery_id = wanted.delivery_id order by e.at desc limit $2) e
           order by e.delivery_id, e.at desc"#,
        deliveries,
        SHOWN,
    )
    .fetch_all(&db.pool)
    .await?;
    let mut all: HashMap<Uuid, Vec<EventView>> = HashMap::new();
    for row in rows {
        all.entry(row.delivery_id).or_default().push(EventView { kind: row.kind, detail: row.detail, at: row.at });
    }
    Ok(all)
}
