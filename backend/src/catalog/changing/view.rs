//! Changes as people see them.

use domain::{
    access::Viewer,
    catalog::{EntityRef, edit::Change},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityChangeState {
    /// A worker opens a change request.
    Asked,
    Opened,
    Merged,
    /// Without being merged.
    Closed,
    Failed,
    /// At once: the entity lives here.
    Done,
    /// People have to make it in the file.
    ByHand,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EntityChange {
    pub id: Uuid,
    pub reference: EntityRef,
    pub title: Option<String>,
    pub state: EntityChangeState,
    pub change: Change,
    /// At the Git host: owner and name, branch, and file.
    pub place: Option<(String, String, String)>,
    /// What the entity names as its origin.
    pub origin: String,
    /// Unified; none until it is worked out.
    pub diff: Option<String>,
    /// The entity's part of the file, where people have to put it there.
    pub text: Option<String>,
    /// Of the change request.
    pub number: Option<i64>,
    pub url: Option<String>,
    /// Why nothing came of it, in full sentences.
    pub problem: Option<String>,
    pub login: String,
    pub created_at: OffsetDateTime,
    /// When the state was reached.
    pub since: OffsetDateTime,
    /// The owner that it names is not in the catalog, as far as the viewer sees.
    pub has_unknown_owner: bool,
}

struct Row {
    change_id: Uuid,
    reference: String,
    title: Option<String>,
    state: String,
    change: serde_json::Value,
    repository: Option<String>,
    branch: Option<String>,
    path: Option<String>,
    origin: String,
    diff: Option<String>,
    text: Option<String>,
    number: Option<i64>,
    url: Option<String>,
    problem: Option<String>,
    login: String,
    created_at: OffsetDateTime,
    since: OffsetDateTime,
}

/// For those who see the entity.
pub async fn find_entity_change(viewer: &Viewer, db: &Db, change: Uuid) -> Result<EntityChange> {
    let mut found = rows(viewer, db, Some(change), None, 1).await?.pop().ok_or(Error::NotFound)?;
    found.has_unknown_owner = has_unknown_owner(viewer, db, &found).await?;
    Ok(found)
}

/// The latest of one entity, without looking for their owners.
pub async fn changes_of(viewer: &Viewer, db: &Db, reference: &EntityRef, most: i64) -> Result<Vec<EntityChange>> {
    rows(viewer, db, None, Some(reference.to_string()), most).await
}

async fn rows(
    viewer: &Viewer,
    db: &Db,
    change: Option<Uuid>,
    of: Option<String>,
    most: i64,
) -> Result<Vec<EntityChange>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select c.change_id, e.reference as "reference!", e.title, c.state, c.change, c.repository, c.branch, c.path,
                  e.origin, c.diff, c.text, c.number, c.url, c.problem, p.login, c.created_at,
                  coalesce(c.ended_at, c.opened_at, c.created_at) as "since!"
           from catalog_change c join entity e using (entity_id) join person p using (person_id)
           where e.readers && $1::text[] and ($2::uuid is null or c.change_id = $2)
             and ($3::text is null or e.reference = $3)
           order by c.created_at desc, c.change_id limit $4"#,
        &viewer.catalog_readers(),
        change,
        of,
        most,
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter().map(EntityChange::try_from).collect()
}

async fn has_unknown_owner(viewer: &Viewer, db: &Db, change: &EntityChange) -> Result<bool> {
    use domain::catalog::edit::Edit;
    let Some(Edit::Set(owner)) = &change.change.owner else { return Ok(false) };
    let Ok(owner) = EntityRef::relative(owner, Some("group"), change.reference.namespace()) else { return Ok(true) };
    let unknown = sqlx::query_scalar!(
        r#"select not exists (
               select from entity where reference = $1 and readers && $2::text[] and orphaned_at is null
           ) as "unknown!""#,
        owner.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(unknown)
}

impl TryFrom<Row> for EntityChange {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let broken = |what: &str| Error::internal(format!("catalog_change {}: {what} is not readable", row.change_id));
        let place = row.repository.zip(row.branch).zip(row.path);
        Ok(Self {
            reference: row.reference.parse().map_err(|_| broken("reference"))?,
            state: EntityChangeState::of(&row.state).ok_or_else(|| broken("state"))?,
            change: serde_json::from_value(row.change).map_err(|_| broken("change"))?,
            id: row.change_id,
            title: row.title,
            place: place.map(|((repository, branch), path)| (repository, branch, path)),
            origin: row.origin,
            diff: row.diff,
            text: row.text,
            number: row.number,
            url: row.url,
            problem: row.problem,
            login: row.login,
            created_at: row.created_at,
            since: row.since,
            has_unknown_owner: false,
        })
    }
}

impl EntityChangeState {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "asked" => Self::Asked,
            "opened" => Self::Opened,
            "merged" => Self::Merged,
            "closed" => Self::Closed,
            "failed" => Self::Failed,
            "done" => Self::Done,
            "by_hand" => Self::ByHand,
            _ => return None,
        })
    }
}
