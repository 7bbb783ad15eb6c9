//! Published paths in Postgres: every process reads the same, and a version never changes.

mod load;
mod publish;

use domain::access::Viewer;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

pub(crate) use load::load;
pub use load::template;
pub use publish::{Published, publish};

use crate::{Db, Result};

/// One path as the list shows it: its current version.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PathSummary {
    pub name: String,
    pub version: String,
    pub title: String,
    /// What it is for and what it is not.
    pub description: String,
    /// Reference of the group that curates it.
    pub owner: Option<String>,
    pub tags: Vec<String>,
    /// What the service will be for the platform, such as `web` or `gpu`.
    pub workload: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub published_at: OffsetDateTime,
    /// Services that were made from it, in any version.
    pub services: i64,
}

/// One version of a path.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PathVersion {
    pub version: String,
    /// SHA-256 over all files, in hex.
    pub digest: String,
    #[serde(with = "time::serde::rfc3339")]
    pub published_at: OffsetDateTime,
    /// Services that were made from it.
    pub services: i64,
}

/// All paths, by title. Everybody who belongs to the organisation sees them.
pub async fn list(viewer: &Viewer, db: &Db) -> Result<Vec<PathSummary>> {
    let paths = sqlx::query_as!(
        PathSummary,
        r#"select p.name, v.version, v.title, v.description, v.owner, v.tags, v.workload, v.published_at,
                  (select count(*) from plan join run using (plan_id)
                   where plan.golden_path = p.name and run.state = 'succeeded') as "services!"
           from golden_path p join golden_path_version v on v.golden_path = p.name and v.version = p.current_version
           where not $1 order by v.title, p.name"#,
        viewer.is_outsider(),
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(paths)
}

/// One path with all its versions, the newest first.
pub async fn find(viewer: &Viewer, db: &Db, name: &str) -> Result<(PathSummary, Vec<PathVersion>)> {
    let summary = sqlx::query_as!(
        PathSummary,
        r#"select p.name, v.version, v.title, v.description, v.owner, v.tags, v.workload, v.published_at,
                  (select count(*) from plan join run using (plan_id)
                   where plan.golden_path = p.name and run.state = 'succeeded') as "services!"
           from golden_path p join golden_path_version v on v.golden_path = p.name and v.version = p.current_version
           where p.name = $1 and not $2"#,
        name,
        viewer.is_outsider(),
    )
    .fetch_one(&db.pool)
    .await?;
    let versions = sqlx::query_as!(
        PathVersion,
        r#"select v.version, encode(v.digest, 'hex') as "digest!", v.published_at,
                  (select count(*) from plan join run using (plan_id)
                   where plan.golden_path = v.golden_path and plan.version = v.version
                     and run.state = 'succeeded') as "services!"
           from golden_path_version v where v.golden_path = $1 order by v.published_at desc, v.version desc"#,
        name,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok((summary, versions))
}

#[cfg(test)]
mod tests;
