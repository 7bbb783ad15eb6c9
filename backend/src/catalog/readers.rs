//! Who may see an entity, worked out whenever something is written: what an entity says itself, narrowed by everything
//! that it is part of, and never without its owner. What was taken out of the catalog has none.

use domain::catalog::descriptor::VISIBLE_TO;
use serde_json::Value;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::Result;

/// Systems lie in domains, and domains in others. Each round goes one step down; what lies deeper than anybody nests things
/// is shown to its owner alone.
const MOST_ROUNDS: usize = 100;

/// Says who may see it, so that not everybody does.
pub(super) fn restricts(document: &Value) -> bool {
    document.pointer("/metadata/annotations").is_some_and(|annotations| annotations.get(VISIBLE_TO).is_some())
}

/// Held from before a transaction writes entities until it is over. Where nothing is restricted, and it restricts nothing
/// itself, it may write beside others. Otherwise one at a time works readers out: two that did not see each other's part of
/// a restricted system would leave it open, and each rewrites rows that others hold.
pub(super) async fn lock(tx: &mut Transaction<'_, Postgres>, restricts: bool) -> Result<()> {
    if !restricts && !is_restricted(tx).await? {
        sqlx::query!("select pg_advisory_xact_lock_shared(hashtextextended('catalog readers', 0))")
            .execute(&mut **tx)
            .await?;
        // Whoever held it alone may have restricted the first of all. Two that find so wait for each other, and one is ended.
        if !is_restricted(tx).await? {
            return Ok(());
        }
    }
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('catalog readers', 0))").execute(&mut **tx).await?;
    Ok(())
}

async fn is_restricted(tx: &mut Transaction<'_, Postgres>) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select catalog_is_restricted() as "restricted!""#).fetch_one(&mut **tx).await?)
}

/// Brings the readers of all entities up to date with what is written by now, before it can be seen.
pub(super) async fn settle(tx: &mut Transaction<'_, Postgres>) -> Result<()> {
    if !is_restricted(tx).await? {
        return Ok(());
    }
    as_they_say(tx).await?;
    let mut narrowed = Vec::new();
    for _ in 0..MOST_ROUNDS {
        narrowed = narrow(tx).await?;
        if narrowed.is_empty() {
            return Ok(());
        }
    }
    close(tx, &narrowed).await
}

/// Shows these, and all that is part of them, to none but their owners and those who see what belongs to any team.
async fn close(tx: &mut Transaction<'_, Postgres>, from: &[Uuid]) -> Result<()> {
    sqlx::query!(
        "with recursive below (entity_id) as (
             select unnest($1::uuid[])
             union
             select part.entity_id
             from below join entity whole on whole.entity_id = below.entity_id
             join entity_relation r on lower(r.name) = 'partof' and r.to_ref = whole.reference
             join entity part on part.entity_id = r.entity_id and part.reference = r.from_ref
         )
         update entity e set readers = array_remove(array['all-teams', e.owner], null)
         from below where below.entity_id = e.entity_id and e.removed_at is null",
        from
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Begins anew, so that what was lifted is lifted for all that was below.
async fn as_they_say(tx: &mut Transaction<'_, Postgres>) -> Result<()> {
    sqlx::query!(
        "update entity e set readers = said.readers
         from (
             select entity_id, case when removed_at is not null then '{}' when visible_to is null then '{everybody}' else array(
                 select distinct unnest(array_remove(visible_to || owner || 'all-teams'::text, null)) as reader order by reader
             ) end as readers
             from entity where visible_to is not null or readers <> '{everybody}' or removed_at is not null
         ) as said
         where said.entity_id = e.entity_id and e.readers <> said.readers"
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Leaves to each part of what is restricted the readers that all of it have in common, and its owner; which changed.
async fn narrow(tx: &mut Transaction<'_, Postgres>) -> Result<Vec<Uuid>> {
    let narrowed = sqlx::query_scalar!(
        "with bound as (
             select part.entity_id, whole.readers
             from entity whole
             join entity_relation r on lower(r.name) = 'partof' and r.to_ref = whole.reference
             join entity part on part.entity_id = r.entity_id and part.reference = r.from_ref
             where whole.readers <> '{everybody}' and whole.removed_at is null and part.removed_at is null
         ),
         list as (
             select entity_id, readers from bound
             union
             select e.entity_id, e.readers from entity e
             where e.readers <> '{everybody}' and e.entity_id in (select entity_id from bound)
         ),
         total as (select entity_id, count(*) as lists from list group by entity_id),
         shared as (
             select list.entity_id, reader
             from list cross join lateral (select distinct unnest(list.readers) as reader) as each
             join total on total.entity_id = list.entity_id
             group by list.entity_id, reader, total.lists having count(*) = total.lists
         ),
         settled as (
             select e.entity_id, array(
                 select reader from shared where shared.entity_id = e.entity_id
                 union select e.owner where e.owner is not null
                 order by reader
             ) as readers
             from entity e where e.entity_id in (select entity_id from bound)
         )
         update entity e set readers = settled.readers
         from settled where settled.entity_id = e.entity_id and e.readers <> settled.readers
         returning e.entity_id"
    );
    Ok(narrowed.fetch_all(&mut **tx).await?)
}
