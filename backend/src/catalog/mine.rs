//! What the viewer's teams own, and what of it needs somebody.

use domain::{access::Viewer, catalog::EntityRef};
use time::OffsetDateTime;

use crate::{Db, Result};

/// An entity of the viewer's teams whose description or source needs somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needy {
    pub reference: EntityRef,
    pub title: Option<String>,
    /// Things that are wrong where it is described, and since when the first of them is.
    pub errors: i64,
    pub warnings: i64,
    pub wrong_since: Option<OffsetDateTime>,
    /// Since when its source cannot be read.
    pub stale_since: Option<OffsetDateTime>,
    /// Since when nothing describes it any more.
    pub orphaned_at: Option<OffsetDateTime>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mine {
    /// How many entities the teams own.
    pub total: i64,
    /// By reference.
    pub needy: Vec<Needy>,
}

/// Nobody mends more in one sitting; what is mended makes room for the rest.
pub const MOST_NEEDY: i64 = 200;

pub async fn mine(viewer: &Viewer, db: &Db) -> Result<Mine> {
    let (readers, teams) = (viewer.catalog_readers(), viewer.team_references());
    let total = sqlx::query_scalar!(
        r#"select count(*) as "count!" from entity where owner = any ($2) and readers && $1::text[]"#,
        &readers,
        &teams,
    )
    .fetch_one(&db.pool)
    .await?;
    let rows = sqlx::query!(
        r#"with own as (
               select e.reference, e.title, e.orphaned_at, s.trouble_since, found.*
               from entity e left join catalog_source s on s.origin = e.origin
               cross join lateral (
                   select count(*) filter (where f.severity = 'error') as errors,
                          count(*) filter (where f.severity <> 'error') as warnings, min(f.since) as since
                   from catalog_finding f
                   where f.source_id = s.source_id and f.file = e.source_file and f.line >= e.source_line
                     and f.line < e.source_end and e.orphaned_at is null
               ) as found
               where e.owner = any ($2) and e.readers && $1::text[]
           )
           select reference as "reference!", title, errors as "errors!", warnings as "warnings!", since,
                  trouble_since as "stale_since?", orphaned_at
           from own where errors + warnings > 0 or trouble_since is not null or orphaned_at is not null
           order by reference limit $3"#,
        &readers,
        &teams,
        MOST_NEEDY,
    )
    .fetch_all(&db.pool)
    .await?;
    let needy = rows.into_iter().filter_map(|row| {
        Some(Needy {
            reference: row.reference.parse().ok()?,
            title: row.title,
            errors: row.errors,
            warnings: row.warnings,
            wrong_since: row.since,
            stale_since: row.stale_since,
            orphaned_at: row.orphaned_at,
        })
    });
    Ok(Mine { total, needy: needy.collect() })
}
