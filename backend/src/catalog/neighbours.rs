//! What an entity is related to, seen from its side.

use domain::{access::Viewer, catalog::EntityRef};

use crate::{Db, Error, Result};

/// The entity at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    pub reference: EntityRef,
    pub title: Option<String>,
    /// Whether the viewer finds it in the catalog.
    pub is_there: bool,
}

/// All that are related in the same way, as far as they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeighbourGroup {
    /// Such as `dependsOn`.
    pub relation: String,
    /// How many there are.
    pub total: i64,
    pub shown: Vec<Neighbour>,
}

struct NeighbourRow {
    name: String,
    to_ref: String,
    title: Option<String>,
    is_there: bool,
    total: i64,
}

/// The neighbours of an entity by relation, at most `limit` of each.
pub async fn neighbours(viewer: &Viewer, db: &Db, of: &EntityRef, limit: i64) -> Result<Vec<NeighbourGroup>> {
    let rows = sqlx::query_as!(
        NeighbourRow,
        r#"with told as (
               select distinct r.name, r.to_ref
               from entity_relation r join entity teller on teller.entity_id = r.entity_id and teller.readers && $2::text[]
               where r.from_ref = $1 and exists (select 1 from entity where reference = $1 and readers && $2::text[])
           ),
           counted as (
               select name, to_ref, count(*) over (partition by name) as total,
                      row_number() over (partition by name order by to_ref) as place
               from told
           )
           select c.name, c.to_ref, e.title, e.entity_id is not null as "is_there!", c.total as "total!"
           from counted c left join entity e on e.reference = c.to_ref and e.readers && $2::text[]
           where c.place <= $3 order by c.name, c.to_ref"#,
        of.to_string(),
        &viewer.catalog_readers(),
        limit.clamp(1, 500),
    )
    .fetch_all(&db.pool)
    .await?;
    let mut groups: Vec<NeighbourGroup> = Vec::new();
    for row in rows {
        let reference =
            row.to_ref.parse().map_err(|error| Error::internal(format!("relation to {}: {error}", row.to_ref)))?;
        let neighbour = Neighbour { reference, title: row.title, is_there: row.is_there };
        match groups.last_mut().filter(|group| group.relation == row.name) {
            Some(group) => group.shown.push(neighbour),
            None => groups.push(NeighbourGroup { relation: row.name, total: row.total, shown: vec![neighbour] }),
        }
    }
    Ok(groups)
}

/// Who names an entity, of those that the viewer sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referrers {
    pub total: i64,
    /// The first of them, by reference.
    pub shown: Vec<EntityRef>,
}

const MOST_REFERRERS: i64 = 20;

/// Whose descriptions name the entity, however they are related to it.
pub async fn referrers(viewer: &Viewer, db: &Db, of: &EntityRef) -> Result<Referrers> {
    let rows = sqlx::query!(
        r#"with tellers as (
               select distinct teller.reference from entity_relation r
               join entity teller on teller.entity_id = r.entity_id and teller.readers && $2::text[]
               where r.from_ref = $1 and teller.reference <> $1 and teller.orphaned_at is null
           )
           select reference as "reference!", count(*) over () as "total!" from tellers order by reference limit $3"#,
        of.to_string(),
        &viewer.catalog_readers(),
        MOST_REFERRERS,
    )
    .fetch_all(&db.pool)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    Ok(Referrers { total, shown: rows.iter().filter_map(|row| row.reference.parse().ok()).collect() })
}
