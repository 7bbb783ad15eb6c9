//! What is wrong where an entity is described.

use domain::{access::Viewer, catalog::EntityRef};
use time::OffsetDateTime;

use crate::{Db, Result};

/// One thing to mend, or to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub file: String,
    /// From 1.
    pub line: i32,
    /// Whether it keeps an entity out of the catalog.
    pub is_error: bool,
    /// Full sentences that say what to do.
    pub message: String,
    pub since: OffsetDateTime,
}

/// What was found within the lines that describe the entity, the last time its source was read.
pub async fn troubles(viewer: &Viewer, db: &Db, of: &EntityRef) -> Result<Vec<Trouble>> {
    let troubles = sqlx::query_as!(
        Trouble,
        r#"select f.file, f.line, f.severity = 'error' as "is_error!", f.message, f.since
           from entity e
           join catalog_source s on s.origin = e.origin
           join catalog_finding f on f.source_id = s.source_id and f.file = e.source_file
           where e.reference = $1 and e.readers && $2::text[] and e.orphaned_at is null and f.line >= e.source_line
             and f.line < e.source_end
           order by f.line, f.position"#,
        of.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(troubles)
}
