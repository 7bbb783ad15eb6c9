//! Entities by their names.

use std::collections::BTreeMap;

use domain::{
    access::Viewer,
    catalog::{EntityRef, query::Predicate},
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Bound,
    told::{Parts, told},
};
use crate::{Db, Result};

/// In the order of the references; `None` where there is nothing that the viewer sees and that the predicate holds of.
pub async fn by_references(
    viewer: &Viewer,
    db: &Db,
    references: &[Option<EntityRef>],
    predicate: &Predicate,
    parts: Parts,
) -> Result<Vec<Option<Value>>> {
    let Some(bound) = Bound::of(predicate, None) else {
        return Ok(vec![None; references.len()]);
    };
    let names: Vec<String> = references.iter().flatten().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"select entity_id, reference as "reference!" from entity
           where reference = any ($1) and readers && $2::text[] and ($3::jsonb is null or entity_id in (select catalog_found($3, $2)))"#,
        &names,
        &viewer.catalog_readers(),
        bound.question,
    )
    .fetch_all(&db.pool)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.entity_id).collect();
    let mut found: BTreeMap<Uuid, Value> = told(viewer, db, &ids, parts).await?.into_iter().collect();
    let by_name: BTreeMap<String, Value> =
        rows.into_iter().filter_map(|row| Some((row.reference, found.remove(&row.entity_id)?))).collect();
    let one = |reference: &Option<EntityRef>| by_name.get(&reference.as_ref()?.to_string()).cloned();
    Ok(references.iter().map(one).collect())
}

pub async fn by_uid(viewer: &Viewer, db: &Db, uid: Uuid) -> Result<Option<Value>> {
    Ok(told(viewer, db, &[uid], Parts::ALL).await?.pop().map(|(_, entity)| entity))
}
