//! How many entities there are, and how many of each value.

use std::collections::BTreeMap;

use domain::{access::Viewer, catalog::query::Predicate};

use super::{Bound, EntityQuery};
use crate::{Db, Result};

/// How many entities a list has on all its pages.
pub async fn count(viewer: &Viewer, db: &Db, query: &EntityQuery) -> Result<i64> {
    let Some(bound) = Bound::of(&query.predicate, query.words.as_ref()) else {
        return Ok(0);
    };
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from entity e
           where e.readers && $1::text[] and ($2::jsonb is null or e.entity_id in (select catalog_found($2, $1)))
             and ($4::text is null or strpos(e.called, $4) > 0 or strpos(lower(e.description), $4) > 0)
             and ($3::text is null or (
                 select jsonb_path_exists(s.fields, ($3::text)::jsonpath) from entity_search s where s.entity_id = e.entity_id))"#,
        &viewer.catalog_readers(),
        bound.question,
        bound.words,
        bound.among,
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(count)
}

/// How many of the entities have each value at each of the paths, which are in lower case; by path and value.
pub async fn values_at(
    viewer: &Viewer,
    db: &Db,
    predicate: &Predicate,
    paths: &[String],
) -> Result<BTreeMap<String, Vec<(String, i64)>>> {
    let mut answer: BTreeMap<String, Vec<(String, i64)>> = BTreeMap::new();
    let Some(bound) = Bound::of(predicate, None) else {
        return Ok(answer);
    };
    let paths: Vec<String> = paths.iter().filter(|path| !path.contains('\0')).cloned().collect();
    let rows = sqlx::query!(
        r#"with seen as materialized (
               select e.entity_id, e.reference from entity e
               where e.readers && $1::text[] and ($2::jsonb is null or e.entity_id in (select catalog_found($2, $1)))
           ),
           found as (
               select path, value
               from seen join entity_search s on s.entity_id = seen.entity_id
               cross join unnest($3::text[]) as path
               cross join lateral jsonb_array_elements_text(s.fields -> path) as value
               union all
               select path, to_ref
               from unnest($3::text[]) as path
               cross join lateral (
                   select distinct r.from_ref, r.to_ref from entity_relation r
                   join seen on seen.reference = r.from_ref
                   join entity teller on teller.entity_id = r.entity_id and teller.readers && $1::text[]
                   where lower(r.name) = substr(path, 11)
               ) as related
               where starts_with(path, 'relations.')
           )
           select path as "path!", value as "value!", count(*) as "count!" from found
           group by path, value order by path, value collate "C""#,
        &viewer.catalog_readers(),
        bound.question,
        &paths,
    )
    .fetch_all(&db.pool)
    .await?;
    for row in rows {
        answer.entry(row.path).or_default().push((row.value, row.count));
    }
    Ok(answer)
}
