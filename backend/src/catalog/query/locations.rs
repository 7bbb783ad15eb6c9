//! Where entities are read from, as clients know it.

use domain::{access::Viewer, catalog::EntityRef};
use serde::Serialize;
use uuid::Uuid;

use crate::{Db, Error, Result};

/// One source of entities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Location {
    pub id: Uuid,
    /// Such as `file`.
    pub r#type: String,
    pub target: String,
}

/// All of them, by their ids. Who may not read a source otherwise sees it by its entities alone.
pub async fn locations(viewer: &Viewer, db: &Db) -> Result<Vec<Location>> {
    let sources = sqlx::query!(
        "select s.source_id, s.origin from catalog_source s
         where s.ended_at is null and cardinality($1::text[]) > 0 and (catalog_source_is_for(s, $2, $3, $4)
             or exists (select 1 from entity e where e.origin = s.origin and e.readers && $1::text[])) order by s.source_id",
        &viewer.catalog_readers(),
        viewer.sees_all_teams(),
        viewer.person.0,
        &viewer.teams,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(sources.into_iter().map(|source| Location::of(source.source_id, &source.origin)).collect())
}

pub async fn location(viewer: &Viewer, db: &Db, id: Uuid) -> Result<Location> {
    let origin = sqlx::query_scalar!(
        "select s.origin from catalog_source s
         where s.source_id = $1 and cardinality($2::text[]) > 0 and (catalog_source_is_for(s, $3, $4, $5)
             or exists (select 1 from entity e where e.origin = s.origin and e.readers && $2::text[]))",
        id,
        &viewer.catalog_readers(),
        viewer.sees_all_teams(),
        viewer.person.0,
        &viewer.teams,
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(Location::of(id, &origin))
}

/// Where an entity is read from. What the platform made itself is read from nowhere.
pub async fn location_of(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<Location> {
    let source = sqlx::query!(
        "select s.source_id, s.origin from entity e join catalog_source s on s.origin = e.origin
         where e.reference = $1 and e.readers && $2::text[]",
        reference.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_optional(&db.pool)
    .await?;
    source.map(|source| Location::of(source.source_id, &source.origin)).ok_or(Error::NotFound)
}

impl Location {
    fn of(id: Uuid, origin: &str) -> Self {
        let (kind, target) = origin.split_once(':').unwrap_or(("unknown", origin));
        Self { id, r#type: kind.to_owned(), target: target.to_owned() }
    }
}
