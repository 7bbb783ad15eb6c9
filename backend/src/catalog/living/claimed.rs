//! Names that another source describes as well: whoever has such a name is told, too, as the two sides have to agree.

use domain::access::Viewer;

use super::{
    inbox::{InboxEntry, MOST_COUNTED},
    view::{SourceFinding, address_at},
};
use crate::{Db, Result};

const MOST_SHOWN: i64 = 200;

/// At the places of those that the viewer sees, with their owners. Where the other place is, is said to those who may see
/// that source.
pub(super) async fn claimed(viewer: &Viewer, db: &Db) -> Result<Vec<(Option<String>, InboxEntry)>> {
    let rows = sqlx::query!(
        r#"select e.reference as "reference!", e.owner, e.origin, coalesce(e.source_file, e.origin) as "file!",
                  coalesce(e.source_line, 1) as "line!", h.source_id as "source_id?", h.path as "path?", f.since,
                  case when catalog_source_is_for(s, $2, $3, $4)
                            or exists (select from entity o where o.origin = s.origin and o.readers && $1::text[])
                       then s.origin end as "elsewhere?"
           from catalog_finding f join catalog_source s on s.source_id = f.source_id
           join entity e on e.reference = f.reference
           left join catalog_source h on h.origin = e.origin
           where f.reference is not null and e.orphaned_at is null and e.readers && $1::text[]
           order by e.owner nulls last, f.since, e.reference limit $5"#,
        &viewer.catalog_readers(),
        viewer.sees_all_teams(),
        viewer.person.0,
        &viewer.teams,
        MOST_SHOWN,
    )
    .fetch_all(&db.pool)
    .await?;
    let told = rows.into_iter().map(|row| {
        let finding = SourceFinding {
            address: address_at(&row.origin, row.path.as_deref(), &row.file, row.line),
            file: row.file,
            line: row.line,
            column: 1,
            is_error: false,
            rule: "described-elsewhere".to_owned(),
            message: message(&row.reference, row.elsewhere.as_deref()),
            since: row.since,
        };
        (row.owner, InboxEntry { source: row.source_id, origin: row.origin, finding })
    });
    Ok(told.collect())
}

fn message(reference: &str, elsewhere: Option<&str>) -> String {
    let place =
        elsewhere.map_or("a place that you may not see", |origin| origin.strip_prefix("url:").unwrap_or(origin));
    format!(
        "{reference} is described here and in {place}, and only what stands here counts. Agree whose it is, then rename one of \
         the two or take it out."
    )
}

pub(super) async fn claimed_count(viewer: &Viewer, db: &Db) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
               select from catalog_finding f join entity e on e.reference = f.reference
               where f.reference is not null and e.orphaned_at is null and e.readers && $1::text[] limit $2
           ) as found"#,
        &viewer.catalog_readers(),
        MOST_COUNTED,
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(count)
}
