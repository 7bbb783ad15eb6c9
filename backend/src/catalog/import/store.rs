//! What an import writes, many entities at a time.

use std::collections::{BTreeMap, BTreeSet};

use domain::catalog::descriptor::Descriptor;
use serde_json::Value;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{
    Result,
    catalog::{
        found_by::{self, Stored},
        register::{owner_of, relate, system_of},
    },
};

/// Entities that are sent to the database together.
pub(super) const CHUNK: usize = 500;

#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) file: &'a str,
    pub(super) descriptor: &'a Descriptor,
}

impl<'a> Given<'a> {
    fn stored(&self, origin: &'a str) -> Stored<'a> {
        let Descriptor { reference, document, .. } = self.descriptor;
        Stored { reference, document, origin, file: Some(self.file) }
    }
}

/// What became of one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Added,
    Changed,
    Unchanged,
    /// Another origin holds it.
    TakenBy(String),
}

/// The source's row, locked until the import is done: one import of a source at a time.
pub(super) async fn open(tx: &mut Transaction<'_, Postgres>, origin: &str) -> Result<Uuid> {
    let source = sqlx::query_scalar!(
        "insert into catalog_source (origin, read_at) values ($1, now())
         on conflict on constraint catalog_source_origin_unique do update set read_at = now(), ended_at = null, ended_by = null
         returning source_id",
        origin
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(source)
}

/// Those of the references that are in the catalog.
pub(super) async fn known(tx: &mut Transaction<'_, Postgres>, references: &[String]) -> Result<BTreeSet<String>> {
    let known =
        sqlx::query_scalar!(r#"select reference as "reference!" from entity where reference = any ($1)"#, references)
            .fetch_all(&mut **tx)
            .await?;
    Ok(known.into_iter().collect())
}

/// Writes entities with their relations; says of each, in the same order, what became of it.
pub(super) async fn keep(tx: &mut Transaction<'_, Postgres>, origin: &str, chunk: &[Given<'_>]) -> Result<Vec<Fate>> {
    let references: Vec<String> = chunk.iter().map(|given| given.descriptor.reference.to_string()).collect();
    let before = holders(tx, &references).await?;
    let written = write(tx, origin, chunk).await?;
    let after = holders(tx, &references).await?;
    let fates = references.iter().map(|reference| match (before.get(reference), after.get(reference)) {
        (_, Some((other, _))) if other != origin => Fate::TakenBy(other.clone()),
        (None, _) => Fate::Added,
        (Some(old), Some(new)) if new == old => Fate::Unchanged,
        (Some(_), _) => Fate::Changed,
    });
    let fates = fates.collect();
    // What stays as it was tells what it told, and what was not there told nothing.
    let tellers: Vec<String> =
        before.keys().filter(|reference| written.contains(reference.as_str())).cloned().collect();
    if !tellers.is_empty() {
        forget_relations(tx, &tellers).await?;
    }
    let changed = || chunk.iter().filter(|given| written.contains(&given.descriptor.reference.to_string()));
    let told = changed().flat_map(|given| {
        let Descriptor { reference, mentions, .. } = given.descriptor;
        let relations = mentions.iter().flat_map(|mention| mention.relations(reference));
        relations.map(|relation| (reference.to_string(), relation))
    });
    relate(tx, told.collect()).await?;
    found_by::keep(tx, &changed().map(|given| given.stored(origin)).collect::<Vec<_>>()).await?;
    Ok(fates)
}

async fn forget_relations(tx: &mut Transaction<'_, Postgres>, tellers: &[String]) -> Result<()> {
    sqlx::query!(
        "delete from entity_relation where entity_id in (select entity_id from entity where reference = any ($1))",
        tellers
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Origin and etag by reference, of those that are there.
async fn holders(
    tx: &mut Transaction<'_, Postgres>,
    references: &[String],
) -> Result<BTreeMap<String, (String, String)>> {
    let rows = sqlx::query!(
        r#"select reference as "reference!", origin, etag as "etag!" from entity where reference = any ($1)"#,
        references
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.reference, (row.origin, row.etag))).collect())
}

/// Origin and document by reference, of those that are there.
pub(super) async fn documents(
    tx: &mut Transaction<'_, Postgres>,
    references: &[String],
) -> Result<BTreeMap<String, (String, Value)>> {
    let rows = sqlx::query!(
        r#"select reference as "reference!", origin, document from entity where reference = any ($1)"#,
        references
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.reference, (row.origin, row.document))).collect())
}

/// The references of those that were not there, or not like that, or not described at that place. What its origin does not
/// describe any more belongs to whoever does, and what was adopted to the first file of its owner.
async fn write(tx: &mut Transaction<'_, Postgres>, origin: &str, chunk: &[Given<'_>]) -> Result<BTreeSet<String>> {
    let column = |part: fn(&Given<'_>) -> String| chunk.iter().map(part).collect::<Vec<_>>();
    let maybe = |part: fn(&Given<'_>) -> Option<String>| chunk.iter().map(part).collect::<Vec<_>>();
    let documents: Vec<Value> = chunk.iter().map(|given| given.descriptor.document.clone()).collect();
    let lines: Vec<i32> = chunk.iter().map(|given| i32::try_from(given.descriptor.line).unwrap_or(i32::MAX)).collect();
    let written = sqlx::query_scalar!(
        r#"insert into entity as e (kind, namespace, name, title, description, owner, system, document, origin,
                                    source_file, source_line, source_text)
           select g.kind, g.namespace, g.name, g.document #>> '{metadata,title}', g.document #>> '{metadata,description}',
                  g.owner, g.system, g.document, $1, g.file, g.line, g.source
           from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::text[], $9::int[],
                       $10::text[]) as g (kind, namespace, name, owner, system, document, file, line, source)
           on conflict on constraint entity_reference_unique do update
               set title = excluded.title, description = excluded.description, owner = excluded.owner,
                   system = excluded.system, document = excluded.document, source_file = excluded.source_file,
                   source_line = excluded.source_line, source_text = excluded.source_text, orphaned_at = null,
                   origin = excluded.origin, removed_at = null, removed_by = null,
                   updated_at = case when e.document = excluded.document then e.updated_at else now() end
               where (e.origin = excluded.origin or e.orphaned_at is not null or e.removed_at is not null
                      or e.owner = excluded.owner and e.origin ~ '^(repository|cluster):')
                 and (e.document, e.owner, e.system, e.source_file, e.source_line, e.source_text, e.orphaned_at,
                      e.removed_at)
                     is distinct from
                     (excluded.document, excluded.owner, excluded.system, excluded.source_file, excluded.source_line,
                      excluded.source_text, null, null)
           returning e.reference as "reference!""#,
        origin,
        &column(|given| given.descriptor.reference.kind().to_owned()),
        &column(|given| given.descriptor.reference.namespace().to_owned()),
        &column(|given| given.descriptor.reference.name().to_owned()),
        &maybe(|given| owner_of(&given.descriptor.mentions)) as &[Option<String>],
        &maybe(|given| system_of(&given.descriptor.mentions)) as &[Option<String>],
        &documents,
        &column(|given| given.file.to_owned()),
        &lines,
        &column(|given| given.descriptor.text.clone()),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(written.into_iter().collect())
}

/// Marks what the origin held and is not among `seen`; where files are named, only what stood in them.
pub(super) async fn orphan(
    tx: &mut Transaction<'_, Postgres>,
    origin: &str,
    seen: &[String],
    within: Option<&[String]>,
) -> Result<usize> {
    let marked = sqlx::query!(
        "update entity set orphaned_at = now()
         where origin = $1 and orphaned_at is null and reference <> all ($2)
           and ($3::text[] is null or source_file = any ($3))",
        origin,
        seen,
        within,
    )
    .execute(&mut **tx)
    .await?;
    Ok(usize::try_from(marked.rows_affected()).unwrap_or(usize::MAX))
}
