//! What is a part of itself over several sources: each owner is told at the place of their own entity.

use std::collections::BTreeSet;

use domain::access::Viewer;

use super::{
    inbox::{InboxEntry, MOST_COUNTED},
    view::{SourceFinding, address_at},
};
use crate::{Db, Result};

const MOST_SHOWN: i64 = 200;

/// At the places of those that the viewer sees, with their owners.
pub(super) async fn circles(viewer: &Viewer, db: &Db) -> Result<Vec<(Option<String>, InboxEntry)>> {
    let rows = sqlx::query!(
        r#"select e.reference as "reference!", e.owner, e.origin, coalesce(e.source_file, e.origin) as "file!",
                  coalesce(e.source_line, 1) as "line!", h.source_id as "source_id?", h.path as "path?", c.since, c.members,
                  array(select m.reference from entity m where m.reference = any (c.members) and m.readers && $1::text[]) as "seen!"
           from catalog_circle c join entity e on e.reference = any (c.members)
           left join catalog_source h on h.origin = e.origin
           where e.orphaned_at is null and e.readers && $1::text[]
           order by e.owner nulls last, c.since, e.reference limit $2"#,
        &viewer.catalog_readers(),
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
            rule: "circle".to_owned(),
            message: message(&row.reference, &row.members, &row.seen.into_iter().collect()),
            since: row.since,
        };
        (row.owner, InboxEntry { source: row.source_id, origin: row.origin, finding })
    });
    Ok(told.collect())
}

/// Begins and ends with the one that is meant.
fn message(start: &str, members: &[String], seen: &BTreeSet<String>) -> String {
    let at = members.iter().position(|member| member == start).unwrap_or_default();
    let round = members.iter().cycle().skip(at).take(members.len() + 1);
    let hidden = "something that you may not see";
    let steps: Vec<&str> = round.map(|member| if seen.contains(member) { member.as_str() } else { hidden }).collect();
    format!("This is a part of itself over several sources: {}. Take one of these steps out.", steps.join(" → "))
}

pub(super) async fn circle_count(viewer: &Viewer, db: &Db) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
               select from catalog_circle c join entity e on e.reference = any (c.members)
               where e.orphaned_at is null and e.readers && $1::text[] limit $2
           ) as found"#,
        &viewer.catalog_readers(),
        MOST_COUNTED,
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(count)
}
