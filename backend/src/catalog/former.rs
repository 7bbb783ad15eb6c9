//! What entities were called before. A file that stops to describe one entity and begins to describe another of the same
//! kind has renamed it: it keeps its id, its history and what hangs on it, and its old address leads to it.

use domain::{access::Viewer, catalog::EntityRef};
use sqlx::{Postgres, Transaction};

use crate::{Db, Error, Result};

/// An entity that a file describes.
pub(super) struct Described<'a> {
    pub(super) file: &'a str,
    pub(super) reference: &'a EntityRef,
}

/// Gives the entities of an origin the names that their files, which were read in order, call them by now. Only where one
/// of a kind went from a file and one came is it certain which is which.
pub(super) async fn follow(
    tx: &mut Transaction<'_, Postgres>,
    origin: &str,
    described: &[Described<'_>],
) -> Result<()> {
    let column = |part: fn(&Described<'_>) -> String| described.iter().map(part).collect::<Vec<_>>();
    sqlx::query!(
        r#"with told as (
               select t.file, t.kind, t.namespace, t.name, t.kind || ':' || t.namespace || '/' || t.name as reference
               from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as t (file, kind, namespace, name)
           ),
           gone as (
               select e.source_file as file, e.kind, min(e.reference) as reference
               from entity e
               where e.origin = $1 and e.orphaned_at is null and e.source_file = any ($2)
                 and e.reference not in (select reference from told)
               group by e.source_file, e.kind having count(*) = 1
           ),
           come as (
               select told.file, told.kind, min(told.namespace) as namespace, min(told.name) as name
               from told
               where not exists (select 1 from entity e where e.reference = told.reference)
               group by told.file, told.kind having count(*) = 1
           ),
           renamed as (
               update entity e set namespace = come.namespace, name = come.name
               from gone join come using (file, kind) where e.reference = gone.reference
               returning e.entity_id, gone.reference as before, e.reference as now
           ),
           taken as (
               delete from entity_former f using renamed where f.reference = renamed.now
           )
           insert into entity_former (reference, entity_id) select before, entity_id from renamed
           on conflict on constraint entity_former_once do update set entity_id = excluded.entity_id, since = now()"#,
        origin,
        &column(|one| one.file.to_owned()),
        &column(|one| one.reference.kind().to_owned()),
        &column(|one| one.reference.namespace().to_owned()),
        &column(|one| one.reference.name().to_owned()),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What the entity is called that was called so before; for those who may see it.
pub async fn called_now(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<EntityRef> {
    let now = sqlx::query_scalar!(
        r#"select e.reference as "reference!" from entity_former f join entity e using (entity_id)
           where f.reference = $1 and e.readers && $2::text[]"#,
        reference.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_one(&db.pool)
    .await?;
    now.parse().map_err(|_| Error::internal(format!("entity {now}: its reference is not readable")))
}

/// An old name of an entity, and who still calls it so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    pub reference: EntityRef,
    /// Of those that the viewer sees, by reference; at most 50.
    pub referred_to_by: Vec<EntityRef>,
}

/// The latest first.
pub async fn former(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<Vec<Former>> {
    let rows = sqlx::query!(
        r#"select f.reference, array(
               select distinct teller.reference from entity_relation r
               join entity teller on teller.entity_id = r.entity_id and teller.readers && $2::text[]
               where r.from_ref = f.reference and teller.orphaned_at is null order by 1 limit 50
           ) as "tellers!"
           from entity e join entity_former f using (entity_id)
           where e.reference = $1 and e.readers && $2::text[] order by f.since desc"#,
        reference.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_all(&db.pool)
    .await?;
    let former = rows.into_iter().filter_map(|row| {
        let referred_to_by = row.tellers.iter().filter_map(|teller| teller.parse().ok()).collect();
        Some(Former { reference: row.reference.parse().ok()?, referred_to_by })
    });
    Ok(former.collect())
}
