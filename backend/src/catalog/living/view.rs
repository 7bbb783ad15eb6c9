//! Sources as people see them. Whoever sees an entity sees where it is read from; the rest is for those whose repository
//! it is, who imported it, or who may read it at the host as well.

use domain::{
    access::{Role, Viewer},
    catalog::EntityRef,
};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Handed over by a command.
    File,
    /// At the Git host.
    Git,
    /// At the Git host, in a repository that a golden path made.
    Platform,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceView {
    pub id: Uuid,
    pub kind: SourceKind,
    /// What its entities name as their origin.
    pub origin: String,
    /// Owner and name; none for a file that was handed over.
    pub repository: Option<String>,
    pub branch: Option<String>,
    pub path: Option<String>,
    /// The commit that was read last.
    pub commit: Option<String>,
    /// The last good reading; none before the first.
    pub read_at: Option<OffsetDateTime>,
    /// When the host answered last.
    pub looked_at: Option<OffsetDateTime>,
    /// Why it cannot be read, in full sentences, and since when.
    pub trouble: Option<(String, OffsetDateTime)>,
    /// What the Git host calls the repository by now, where it was renamed: owner and name.
    pub moved_to: Option<String>,
    /// Since when it is read no more.
    pub ended_at: Option<OffsetDateTime>,
    /// Name of the person who ended it; none where the host had nothing there.
    pub ended_by: Option<String>,
    /// Whether the viewer decides about it.
    pub is_mine: bool,
    pub pushes: Pushes,
    /// That the viewer sees.
    pub entities: i64,
    /// Of these, those that it does not describe any more.
    pub orphans: i64,
    /// Findings that the viewer sees.
    pub errors: i64,
    pub warnings: i64,
    /// It is due, or somebody looks.
    pub is_under_way: bool,
}

/// How the platform learns of pushes to the repository of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushes {
    /// The Git host tells.
    Told,
    /// It looks now and then; why the host does not tell, where that is known.
    LookedFor { reason: Option<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceDetail {
    pub source: SourceView,
    /// At most 200, errors first.
    pub findings: Vec<SourceFinding>,
    /// At most 200, by their references.
    pub held: Vec<EntityRef>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFinding {
    pub file: String,
    /// From 1, as is `column`.
    pub line: i32,
    pub column: i32,
    pub is_error: bool,
    pub rule: String,
    pub message: String,
    pub since: OffsetDateTime,
    /// The file at the Git host.
    pub address: Option<String>,
}

const MOST_SHOWN: i64 = 200;
/// Sources on one page; there are few compared with entities.
const MOST_SOURCES: i64 = 500;

/// Those in trouble first, then by where they are.
pub async fn sources(viewer: &Viewer, db: &Db) -> Result<Vec<SourceView>> {
    find(viewer, db, None).await
}

pub async fn find_source(viewer: &Viewer, db: &Db, id: Uuid) -> Result<SourceDetail> {
    let source = find(viewer, db, Some(id)).await?.pop().ok_or(Error::NotFound)?;
    let held = sqlx::query_scalar!(
        r#"select reference as "reference!" from entity where origin = $1 and readers && $2::text[] order by reference limit $3"#,
        source.origin,
        &viewer.catalog_readers(),
        MOST_SHOWN,
    )
    .fetch_all(&db.pool)
    .await?;
    let held = held.into_iter().filter_map(|reference| reference.parse().ok()).collect();
    let findings = findings(viewer, db, &source).await?;
    Ok(SourceDetail { source, findings, held })
}

struct Row {
    source_id: Uuid,
    kind: String,
    origin: String,
    repository: Option<String>,
    branch: Option<String>,
    path: Option<String>,
    commit_id: Option<String>,
    read_at: Option<OffsetDateTime>,
    looked_at: Option<OffsetDateTime>,
    trouble: Option<String>,
    trouble_since: Option<OffsetDateTime>,
    moved_to: Option<String>,
    ended_at: Option<OffsetDateTime>,
    ended_by: Option<String>,
    is_mine: bool,
    has_webhook: bool,
    webhook_trouble: Option<String>,
    is_under_way: bool,
    counts: Value,
}

impl From<Row> for SourceView {
    fn from(row: Row) -> Self {
        let count = |key: &str| row.counts.get(key).and_then(Value::as_i64).unwrap_or_default();
        Self {
            id: row.source_id,
            kind: match row.kind.as_str() {
                "git" => SourceKind::Git,
                "platform" => SourceKind::Platform,
                _ => SourceKind::File,
            },
            entities: count("entities"),
            orphans: count("orphans"),
            errors: count("errors"),
            warnings: count("warnings"),
            origin: row.origin,
            repository: row.repository,
            branch: row.branch,
            path: row.path,
            commit: row.commit_id,
            read_at: row.read_at,
            looked_at: row.looked_at,
            trouble: row.trouble.zip(row.trouble_since),
            moved_to: row.moved_to,
            ended_at: row.ended_at,
            ended_by: row.ended_by,
            is_mine: row.is_mine,
            pushes: if row.has_webhook { Pushes::Told } else { Pushes::LookedFor { reason: row.webhook_trouble } },
            is_under_way: row.is_under_way,
        }
    }
}

async fn find(viewer: &Viewer, db: &Db, id: Option<Uuid>) -> Result<Vec<SourceView>> {
    let rows = sqlx::query_as!(
        Row,
        r#"with held as (
               select origin, count(*) as entities, count(*) filter (where orphaned_at is not null) as orphans
               from entity where readers && $1::text[] and ($5::uuid is null or origin = (select origin from catalog_source where source_id = $5))
               group by origin
           ),
           seen as (
               select s.*, coalesce(h.entities, 0) as entities, coalesce(h.orphans, 0) as orphans,
                      catalog_source_is_for(s, $2, $3, $4) as is_for,
                      catalog_source_is_of(s, $8, $3, $4, $6) as is_mine,
                      (select p.name from person p where p.person_id = s.ended_by) as who
               from catalog_source s left join held h on h.origin = s.origin
               where cardinality($1::text[]) > 0 and ($5::uuid is null or s.source_id = $5)
                 and (catalog_source_is_for(s, $2, $3, $4) or h.entities > 0)
           )
           select s.source_id, s.kind, s.origin, s.repository, s.branch, s.path, s.commit_id, s.read_at, s.looked_at,
                  s.trouble, s.trouble_since, s.moved_to, s.ended_at, s.who as ended_by, s.is_mine as "is_mine!",
                  s.webhook_trouble,
                  (s.webhook_print is not null or exists (
                      select 1 from delivery_source d where d.repository = s.repository and d.webhook_print is not null)) as "has_webhook!",
                  s.is_living and (s.due_at <= now() or coalesce(s.lease_until > now(), false)) as "is_under_way!",
                  jsonb_build_object('entities', s.entities, 'orphans', s.orphans,
                                     'errors', count(f.finding_id) filter (where f.severity = 'error'),
                                     'warnings', count(f.finding_id) filter (where f.severity = 'warning')) as "counts!"
           from seen s
           left join catalog_finding f on f.source_id = s.source_id and coalesce(
               (select e.readers && $1::text[] from entity e where e.entity_id = catalog_entity_at(s.origin, f.file, f.line)),
               s.is_for or f.owner = any ($6))
           group by s.source_id, s.kind, s.origin, s.repository, s.branch, s.path, s.commit_id, s.read_at, s.looked_at,
                    s.trouble, s.trouble_since, s.moved_to, s.ended_at, s.who, s.is_mine, s.webhook_trouble, s.webhook_print, s.is_living, s.due_at, s.lease_until, s.entities, s.orphans
           order by s.ended_at is not null, s.trouble is null, s.origin limit $7"#,
        &viewer.catalog_readers(),
        viewer.sees_all_teams(),
        viewer.person.0,
        &viewer.teams,
        id,
        &viewer.team_references(),
        MOST_SOURCES,
        viewer.has(Role::Platform),
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(rows.into_iter().map(SourceView::from).collect())
}

async fn findings(viewer: &Viewer, db: &Db, source: &SourceView) -> Result<Vec<SourceFinding>> {
    let rows = sqlx::query!(
        r#"select f.file, f.line, f.position, f.severity = 'error' as "is_error!", f.rule, f.message, f.since, s.origin, s.path
           from catalog_source s join catalog_finding f on f.source_id = s.source_id
           where s.source_id = $1 and cardinality($2::text[]) > 0 and coalesce(
               (select e.readers && $2::text[] from entity e where e.entity_id = catalog_entity_at(s.origin, f.file, f.line)),
               catalog_source_is_for(s, $3, $4, $5) or f.owner = any ($6))
           order by f.severity, f.file, f.line, f.position limit $7"#,
        source.id,
        &viewer.catalog_readers(),
        viewer.sees_all_teams(),
        viewer.person.0,
        &viewer.teams,
        &viewer.team_references(),
        MOST_SHOWN,
    )
    .fetch_all(&db.pool)
    .await?;
    let found = rows.into_iter().map(|row| SourceFinding {
        address: address_at(&row.origin, row.path.as_deref(), &row.file, row.line),
        file: row.file,
        line: row.line,
        column: row.position,
        is_error: row.is_error,
        rule: row.rule,
        message: row.message,
        since: row.since,
    });
    Ok(found.collect())
}

/// A line of a file beside the first one of a source, at the Git host.
pub(super) fn address_at(origin: &str, first: Option<&str>, file: &str, line: i32) -> Option<String> {
    Some(format!("{}#L{line}", page_at(origin, first, file)?))
}

/// The same file as a whole.
pub(in crate::catalog) fn page_at(origin: &str, first: Option<&str>, file: &str) -> Option<String> {
    let page = origin.strip_prefix("url:")?;
    let mut url = url::Url::parse(page).ok()?;
    let depth = first?.split('/').count();
    {
        let mut parts = url.path_segments_mut().ok()?;
        for _ in 0..depth {
            parts.pop();
        }
        parts.extend(file.split('/'));
    }
    Some(url.to_string())
}

#[cfg(test)]
mod tests {
    use super::address_at;

    #[test]
    fn files_of_a_source_are_found_at_the_host() {
        let origin = "url:https://git.example/p/c/src/branch/main/a/catalog-info.yaml";
        let address = address_at(origin, Some("a/catalog-info.yaml"), "b c.yaml", 7);
        assert_eq!(address.as_deref(), Some("https://git.example/p/c/src/branch/main/b%20c.yaml#L7"));
        assert_eq!(address_at("file:all.yaml", None, "all.yaml", 1), None);
    }
}
