//! Entities that the platform itself puts into the catalog.

use domain::catalog::{
    EntityRef,
    descriptor::{Mention, Relation, mentions_of},
};
use serde_json::Value;
use sqlx::{Postgres, Transaction};

use super::{
    found_by::{self, Stored},
    readers,
};
use crate::Result;

/// Whether a name is free; asked on behalf of anybody, as a taken name is an error whoever holds it.
pub(crate) async fn is_taken(tx: &mut Transaction<'_, Postgres>, reference: &EntityRef) -> Result<bool> {
    let taken = sqlx::query_scalar!(
        r#"select exists (select 1 from entity where reference = $1) as "taken!""#,
        reference.to_string()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(taken)
}

/// Who put an entity where it was to be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Registered {
    Now,
    /// The same origin has done it before.
    Before,
    /// Somebody else was first.
    Taken,
}

/// Puts an entity into the catalog, once. `origin` says what did it, such as `run:<id>`.
pub(crate) async fn register(
    tx: &mut Transaction<'_, Postgres>,
    reference: &EntityRef,
    document: &Value,
    origin: &str,
) -> Result<Registered> {
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    let mentions = mentions_of(reference, document);
    readers::lock(tx, readers::restricts(document)).await?;
    let made = sqlx::query_scalar!(
        "insert into entity (kind, namespace, name, title, description, owner, system, document, origin)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict on constraint entity_reference_unique do nothing returning entity_id",
        reference.kind(),
        reference.namespace(),
        reference.name(),
        text("/metadata/title"),
        text("/metadata/description"),
        owner_of(&mentions),
        system_of(&mentions),
        document,
        origin,
    )
    .fetch_optional(&mut **tx)
    .await?;
    if made.is_some() {
        let relations = mentions.iter().flat_map(|mention| mention.relations(reference));
        relate(tx, relations.map(|relation| (reference.to_string(), relation)).collect()).await?;
        found_by::keep(tx, &[Stored { reference, document, origin, file: None }]).await?;
        readers::settle(tx).await?;
        return Ok(Registered::Now);
    }
    let holder = sqlx::query_scalar!("select origin from entity where reference = $1", reference.to_string())
        .fetch_one(&mut **tx)
        .await?;
    Ok(if holder == origin { Registered::Before } else { Registered::Taken })
}

/// Puts another document in the place of an entity's. The transaction holds the lock of those who write readers.
pub(super) async fn rewrite(
    tx: &mut Transaction<'_, Postgres>,
    reference: &EntityRef,
    document: &Value,
    origin: &str,
) -> Result<()> {
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    let mentions = mentions_of(reference, document);
    sqlx::query!(
        "update entity set title = $2, description = $3, owner = $4, system = $5, document = $6, updated_at = now()
         where reference = $1",
        reference.to_string(),
        text("/metadata/title"),
        text("/metadata/description"),
        owner_of(&mentions),
        system_of(&mentions),
        document,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from entity_relation where entity_id = (select entity_id from entity where reference = $1)",
        reference.to_string()
    )
    .execute(&mut **tx)
    .await?;
    let relations = mentions.iter().flat_map(|mention| mention.relations(reference));
    relate(tx, relations.map(|relation| (reference.to_string(), relation)).collect()).await?;
    found_by::keep(tx, &[Stored { reference, document, origin, file: None }]).await?;
    readers::settle(tx).await
}

pub(super) fn owner_of(mentions: &[Mention]) -> Option<String> {
    mentions.iter().find(|mention| mention.field == "owner").map(|mention| mention.target.to_string())
}

pub(super) fn system_of(mentions: &[Mention]) -> Option<String> {
    mentions.iter().find(|mention| mention.field == "system").map(|mention| mention.target.to_string())
}

/// Stores what entities, which are stored already, say of themselves and of others.
pub(super) async fn relate(tx: &mut Transaction<'_, Postgres>, told: Vec<(String, Relation)>) -> Result<()> {
    let column = |part: fn(&(String, Relation)) -> String| told.iter().map(part).collect::<Vec<_>>();
    sqlx::query!(
        "insert into entity_relation (entity_id, from_ref, name, to_ref)
         select e.entity_id, t.from_ref, t.name, t.to_ref
         from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as t (teller, from_ref, name, to_ref)
         join entity e on e.reference = t.teller
         on conflict do nothing",
        &column(|(teller, _)| teller.clone()),
        &column(|(_, relation)| relation.from.to_string()),
        &column(|(_, relation)| relation.name.to_owned()),
        &column(|(_, relation)| relation.to.to_string()),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
