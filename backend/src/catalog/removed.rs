//! What somebody took out of the catalog. Nobody sees it any more, but for those who may put it back; a month later it is
//! deleted.

use domain::{
    access::{Role, Viewer},
    catalog::EntityRef,
};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::readers;
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    pub id: Uuid,
    pub reference: EntityRef,
    pub owner: Option<EntityRef>,
    pub at: OffsetDateTime,
    /// Name of the person.
    pub by: Option<String>,
    /// When it is deleted.
    pub until: OffsetDateTime,
    /// Who still refers to it, of those that the viewer sees; at most 20.
    pub referred_to_by: Vec<EntityRef>,
}

const MOST: i64 = 200;

/// Whether the viewer may take it out: the team that owns it or the platform team, once nothing describes it. What a file
/// describes would be back with the next reading, and what a golden path made has more to it than its entry.
pub async fn may_remove(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<bool> {
    let may = sqlx::query_scalar!(
        r#"select exists (
               select 1 from entity e
               where e.reference = $1 and e.readers && $2::text[] and ($3 or e.owner = any ($4)) and e.removed_at is null
                 and (e.orphaned_at is not null
                      or e.origin not like 'run:%' and not exists (select 1 from catalog_source s where s.origin = e.origin))
           ) as "may!""#,
        reference.to_string(),
        &viewer.catalog_readers(),
        viewer.has(Role::Platform),
        &viewer.team_references(),
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(may)
}

/// Takes an entity out. Missing, hidden, described and not the viewer's look alike.
pub async fn remove(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    readers::lock(&mut tx, true).await?;
    sqlx::query_scalar!(
        r#"update entity e set removed_at = now(), removed_by = $5
           where e.reference = $1 and e.readers && $2::text[] and ($3 or e.owner = any ($4)) and e.removed_at is null
             and (e.orphaned_at is not null
                  or e.origin not like 'run:%' and not exists (select 1 from catalog_source s where s.origin = e.origin))
           returning e.entity_id"#,
        reference.to_string(),
        &viewer.catalog_readers(),
        viewer.has(Role::Platform),
        &viewer.team_references(),
        viewer.person.0,
    )
    .fetch_one(&mut *tx)
    .await?;
    settled(tx, viewer, "catalog.remove", reference.to_string()).await
}

/// What the viewer may put back, the latest first.
pub async fn removed(viewer: &Viewer, db: &Db) -> Result<Vec<Removed>> {
    let rows = sqlx::query!(
        r#"select e.entity_id, e.reference as "reference!", e.owner, e.removed_at as "at!", p.name as "by?",
                  e.removed_at + interval '30 days' as "until!",
                  array(
                      select distinct teller.reference from entity_relation r
                      join entity teller on teller.entity_id = r.entity_id and teller.readers && $1::text[]
                      where r.from_ref = e.reference order by 1 limit 20
                  ) as "tellers!"
           from entity e left join person p on p.person_id = e.removed_by
           where e.removed_at is not null and ($2 or e.owner = any ($3)) order by e.removed_at desc limit $4"#,
        &viewer.catalog_readers(),
        viewer.has(Role::Platform),
        &viewer.team_references(),
        MOST,
    )
    .fetch_all(&db.pool)
    .await?;
    let removed = rows.into_iter().filter_map(|row| {
        Some(Removed {
            id: row.entity_id,
            reference: row.reference.parse().ok()?,
            owner: row.owner.and_then(|owner| owner.parse().ok()),
            at: row.at,
            by: row.by,
            until: row.until,
            referred_to_by: row.tellers.iter().filter_map(|teller| teller.parse().ok()).collect(),
        })
    });
    Ok(removed.collect())
}

/// Puts it back as it was, and answers what it is called.
pub async fn restore(viewer: &Viewer, db: &Db, id: Uuid) -> Result<EntityRef> {
    let mut tx = db.pool.begin().await?;
    readers::lock(&mut tx, true).await?;
    let reference = sqlx::query_scalar!(
        r#"update entity set removed_at = null, removed_by = null
           where entity_id = $1 and removed_at is not null and ($2 or owner = any ($3))
           returning reference as "reference!""#,
        id,
        viewer.has(Role::Platform),
        &viewer.team_references(),
    )
    .fetch_one(&mut *tx)
    .await?;
    settled(tx, viewer, "catalog.restore", reference.clone()).await?;
    reference.parse().map_err(|_| Error::internal(format!("entity {id}: its reference is not readable")))
}

async fn settled(
    mut tx: Transaction<'_, Postgres>,
    viewer: &Viewer,
    action: &'static str,
    target: String,
) -> Result<()> {
    readers::settle(&mut tx).await?;
    let actor = Actor::Person(viewer.person);
    audit::commit(tx, Record { actor: &actor, action, target, detail: json!({}) }).await
}

/// Deletes what was taken out a month ago; how many there were.
pub async fn purge_removed(db: &Db) -> Result<u64> {
    let purged =
        sqlx::query!("delete from entity where removed_at < now() - interval '30 days'").execute(&db.pool).await?;
    Ok(purged.rows_affected())
}
