//! A page of entities.

use domain::access::Viewer;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Bound, EntityQuery,
    told::{Parts, told},
};
use crate::{Db, Result};

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// After so many entities.
    Offset(i64),
    After(Position),
    /// It ends before this.
    Before(Position),
}

/// The place of an entity in a list, which stays when the entity goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    pub key: String,
    pub reference: String,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntityPage {
    pub items: Vec<Value>,
    /// What the page before ends before, and the next begins after; `None` where there is none.
    pub previous: Option<Position>,
    pub next: Option<Position>,
}

struct Row {
    entity_id: Uuid,
    key: String,
    reference: String,
}

/// At most `limit` entities. Those that lack the field of the order come last.
pub async fn page(
    viewer: &Viewer,
    db: &Db,
    query: &EntityQuery,
    start: &Start,
    limit: i64,
    parts: Parts,
) -> Result<EntityPage> {
    let Some(bound) = Bound::of(&query.predicate, query.words.as_ref()) else {
        return Ok(EntityPage::default());
    };
    let mut rows = rows(viewer, db, query, bound, start, limit).await?;
    let is_more = i64::try_from(rows.len()).is_ok_and(|found| found > limit);
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    let is_back = matches!(start, Start::Before(_));
    if is_back {
        rows.reverse();
    }
    let is_before = if is_back { is_more } else { *start != Start::Offset(0) };
    let position = |row: &Row| Position { key: row.key.clone(), reference: row.reference.clone() };
    let ids: Vec<Uuid> = rows.iter().map(|row| row.entity_id).collect();
    Ok(EntityPage {
        items: told(viewer, db, &ids, parts).await?.into_iter().map(|(_, entity)| entity).collect(),
        previous: rows.first().filter(|_| is_before).map(position),
        next: rows.last().filter(|_| is_back || is_more).map(position),
    })
}

/// One row more than the limit, where there is one; backwards, when the page ends somewhere.
async fn rows(
    viewer: &Viewer,
    db: &Db,
    query: &EntityQuery,
    bound: Bound,
    start: &Start,
    limit: i64,
) -> Result<Vec<Row>> {
    let (at, offset) = match start {
        Start::Offset(offset) => (None, *offset),
        Start::After(position) | Start::Before(position) => (Some(position), 0),
    };
    let order = query.order.as_ref();
    let path = |n: usize| order.and_then(|order| order.paths.get(n)).map(String::as_str);
    let by = match (path(0), path(1)) {
        (None, _) => "reference",
        (Some("metadata.name"), None) => "name",
        _ => "fields",
    };
    let is_descending = order.is_some_and(|order| order.is_descending);
    let is_up = is_descending == matches!(start, Start::Before(_));
    let rows = sqlx::query_as!(
        Row,
        r#"with placed as (
               select e.entity_id, e.reference, (case $2
                   when 'reference' then e.reference
                   when 'name' then e.name
                   else coalesce(lower(s.fields -> $3 ->> 0), $5)
                        || case when $4::text is null then ''
                           else chr(1) || coalesce(lower(s.fields -> $4::text ->> 0), $5) end
                   end) collate "C" as key
               from entity e left join entity_search s on s.entity_id = e.entity_id
               where e.readers && $1::text[] and ($6::jsonb is null or e.entity_id in (select catalog_found($6, $1)))
                 and ($13::text is null or strpos(e.called, $13) > 0 or strpos(lower(e.description), $13) > 0)
                 and ($7::text is null or (
                 select jsonb_path_exists(s.fields, ($7::text)::jsonpath) from entity_search s where s.entity_id = e.entity_id))
           )
           select entity_id, key as "key!", reference as "reference!" from placed
           where $8::text is null or case when $10 then (key, reference) > ($8, $9) else (key, reference) < ($8, $9) end
           order by case when $10 then key end, case when $10 then reference end, key desc, reference desc
           limit $11 offset $12"#,
        &viewer.catalog_readers(),
        by,
        path(0).unwrap_or_default(),
        path(1),
        if is_descending { "" } else { LAST },
        bound.question,
        bound.words,
        at.map(|position| position.key.as_str()),
        at.map(|position| position.reference.as_str()),
        is_up,
        limit + 1,
        offset,
        bound.among,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(rows)
}

/// Sorts after every text.
const LAST: &str = "\u{10ffff}";
