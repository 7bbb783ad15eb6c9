//! Parts that come round to themselves over several sources: each source alone looks fine.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::{EntityRef, descriptor::circles_of};
use sqlx::{Postgres, Transaction};

use crate::Result;

/// Puts the circles that go through entities of the origin in the place of those that did before.
pub(super) async fn keep(tx: &mut Transaction<'_, Postgres>, origin: &str) -> Result<()> {
    let steps = steps(tx, origin).await?;
    let found = across(tx, circles_of(&steps)).await?;
    // References hold no blanks.
    let found: Vec<String> = found.iter().map(|circle| circle.join(" ")).collect();
    sqlx::query!(
        "with told as (select string_to_array(circle, ' ') as members from unnest($2::text[]) as circle),
         gone as (
             delete from catalog_circle c
             where c.members not in (select members from told)
               and exists (
                   select from unnest(c.members) as member
                   left join entity e on e.reference = member and e.orphaned_at is null and e.removed_at is null
                   where e.origin is null or e.origin = $1)
         )
         insert into catalog_circle (members) select members from told on conflict do nothing",
        origin,
        &found,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What entities of the origin are a part of, what that is a part of, and so on.
async fn steps(tx: &mut Transaction<'_, Postgres>, origin: &str) -> Result<Vec<(EntityRef, EntityRef)>> {
    let rows = sqlx::query!(
        r#"with recursive up (reference) as (
               select reference from entity where origin = $1 and orphaned_at is null and removed_at is null
               union
               select r.to_ref from up join entity_relation r on r.from_ref = up.reference and r.name in ('partOf', 'childOf')
           )
           select distinct r.from_ref as part, r.to_ref as whole
           from up join entity_relation r on r.from_ref = up.reference and r.name in ('partOf', 'childOf')
           join entity teller on teller.entity_id = r.entity_id
           where teller.orphaned_at is null and teller.removed_at is null"#,
        origin
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.part.parse().ok()?, row.whole.parse().ok()?))).collect())
}

/// Of those, the ones that more than one origin makes: what a source says of itself is told at its own place.
async fn across(tx: &mut Transaction<'_, Postgres>, circles: Vec<Vec<EntityRef>>) -> Result<Vec<Vec<String>>> {
    let circles: Vec<Vec<String>> =
        circles.into_iter().map(|circle| circle.iter().map(ToString::to_string).collect()).collect();
    if circles.is_empty() {
        return Ok(circles);
    }
    let all: Vec<String> = circles.iter().flatten().cloned().collect();
    let rows = sqlx::query!(r#"select reference as "reference!", origin from entity where reference = any ($1)"#, &all)
        .fetch_all(&mut **tx)
        .await?;
    let origins: BTreeMap<String, String> = rows.into_iter().map(|row| (row.reference, row.origin)).collect();
    let is_across = |circle: &Vec<String>| {
        circle.iter().filter_map(|member| origins.get(member)).collect::<BTreeSet<_>>().len() > 1
    };
    Ok(circles.into_iter().filter(is_across).collect())
}
