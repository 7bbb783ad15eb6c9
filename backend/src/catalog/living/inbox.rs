//! What is wrong in all sources, for those who can mend it.

use domain::access::Viewer;
use uuid::Uuid;

use super::{
    circles::{circle_count, circles},
    claimed::{claimed, claimed_count},
    view::{SourceFinding, address_at},
};
use crate::{Db, Result};

/// All that one team or person can mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxGroup {
    /// Full reference; none where nobody is known to own it.
    pub owner: Option<String>,
    /// The viewer belongs to it.
    pub is_mine: bool,
    pub entries: Vec<InboxEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntry {
    /// None where the platform itself made what it is about.
    pub source: Option<Uuid>,
    pub origin: String,
    pub finding: SourceFinding,
}

const MOST_SHOWN: i64 = 500;
/// Who has a hundred things to mend need not know how many more there are.
pub const MOST_COUNTED: i64 = 100;

/// By owner, the viewer's own first, and what has been wrong longest first in each.
pub async fn inbox(viewer: &Viewer, db: &Db) -> Result<Vec<InboxGroup>> {
    let mine = viewer.team_references();
    let rows = sqlx::query!(
        r#"with found as (
               select f.*, s.origin, s.path, e.owner as entity_owner, e.is_seen,
                      (select g.reference from entity g
                       where g.reference = 'group:default/' || lower(split_part(s.repository, '/', 1)) and g.readers && $1::text[]) as team,
                      catalog_source_is_for(s, $2, $3, $4) as is_for
               from catalog_finding f join catalog_source s using (source_id)
               left join lateral (
                   select e.owner, e.readers && $1::text[] as is_seen from entity e
                   where e.entity_id = catalog_entity_at(s.origin, f.file, f.line)
               ) e on true
           )
           select source_id, origin, path, file, line, position, severity = 'error' as "is_error!", rule, message, since,
                  coalesce(entity_owner, owner, team) as told_to,
                  coalesce(coalesce(entity_owner, owner, team) = any ($5), false) as "is_mine!"
           from found where cardinality($1::text[]) > 0 and coalesce(is_seen, is_for or owner = any ($5))
           order by 12 desc, 11 nulls last, severity, since, file, line limit $6"#,
        &viewer.catalog_readers(),
        viewer.sees_all_teams(),
        viewer.person.0,
        &viewer.teams,
        &mine,
        MOST_SHOWN,
    )
    .fetch_all(&db.pool)
    .await?;
    let mut groups: Vec<InboxGroup> = Vec::new();
    for row in rows {
        let entry = InboxEntry {
            source: Some(row.source_id),
            finding: SourceFinding {
                address: address_at(&row.origin, row.path.as_deref(), &row.file, row.line),
                file: row.file,
                line: row.line,
                column: row.position,
                is_error: row.is_error,
                rule: row.rule,
                message: row.message,
                since: row.since,
            },
            origin: row.origin,
        };
        add(&mut groups, row.told_to, row.is_mine, entry);
    }
    let elsewhere = [claimed(viewer, db).await?, circles(viewer, db).await?];
    for (owner, entry) in elsewhere.into_iter().flatten() {
        let is_mine = owner.as_ref().is_some_and(|owner| mine.contains(owner));
        add(&mut groups, owner, is_mine, entry);
    }
    groups.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(groups)
}

fn add(groups: &mut Vec<InboxGroup>, owner: Option<String>, is_mine: bool, entry: InboxEntry) {
    match groups.iter_mut().rfind(|group| group.owner == owner) {
        Some(group) => group.entries.push(entry),
        None => groups.push(InboxGroup { owner, is_mine, entries: vec![entry] }),
    }
}

fn order(group: &InboxGroup) -> (bool, bool, Option<&str>) {
    (!group.is_mine, group.owner.is_none(), group.owner.as_deref())
}

/// How much of it there is, counted up to [`MOST_COUNTED`].
pub async fn error_count(viewer: &Viewer, db: &Db) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from (
           select from catalog_finding f join catalog_source s using (source_id)
           where cardinality($1::text[]) > 0 and coalesce(
               (select e.readers && $1::text[] from entity e where e.entity_id = catalog_entity_at(s.origin, f.file, f.line)),
               catalog_source_is_for(s, $2, $3, $4) or f.owner = any ($5))
           limit $6) as found"#,
        &viewer.catalog_readers(),
        viewer.sees_all_teams(),
        viewer.person.0,
        &viewer.teams,
        &viewer.team_references(),
        MOST_COUNTED,
    )
    .fetch_one(&db.pool)
    .await?;
    let elsewhere = claimed_count(viewer, db).await? + circle_count(viewer, db).await?;
    Ok((count + elsewhere).min(MOST_COUNTED))
}
