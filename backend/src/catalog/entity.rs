//! One entity, and a search over all.

use domain::{access::Viewer, catalog::EntityRef};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Error, Result};

/// One entry of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Stays the same while the entity does, whatever becomes of its name.
    pub id: Uuid,
    pub reference: EntityRef,
    pub title: Option<String>,
    pub description: Option<String>,
    /// Full reference of the owner; `None` when nobody owns it.
    pub owner: Option<String>,
    /// Full reference of the system that it is part of.
    pub system: Option<String>,
    /// `spec.type`
    pub spec_type: Option<String>,
    pub lifecycle: Option<String>,
    pub tags: Vec<String>,
    /// Every field, but for those that only catalogs write.
    pub document: Value,
    /// Another one when, and only when, the document is another one.
    pub etag: String,
    pub origin: Origin,
    /// Full references of the groups that alone see it, beside those who see what belongs to any team; `None` where
    /// everybody does.
    pub visible_to: Option<Vec<String>>,
    pub updated_at: OffsetDateTime,
}

/// Where an entity comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Such as `run:<id>` or `file:organisation.yaml`.
    pub name: String,
    pub file: Option<String>,
    /// Where its document begins in the file, from 1.
    pub line: Option<i32>,
    /// As it was written; `None` where it was made by the platform.
    pub text: Option<String>,
    /// Since when the origin does not describe it any more.
    pub orphaned_at: Option<OffsetDateTime>,
    /// The source that the origin is, if it is one.
    pub source: Option<Uuid>,
    /// Since when the source cannot be read: what is known may be out of date.
    pub stale_since: Option<OffsetDateTime>,
}

impl Entity {
    /// What it takes in memory, about, in bytes: trees are several times as large as their texts.
    pub(super) fn size(&self) -> usize {
        4 * self.document.to_string().len() + self.origin.text.as_ref().map_or(0, String::len)
    }
}

pub(super) struct EntityRow {
    pub(super) entity_id: Uuid,
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) system: Option<String>,
    pub(super) spec_type: Option<String>,
    pub(super) lifecycle: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) document: Value,
    pub(super) etag: String,
    pub(super) origin: String,
    pub(super) source_file: Option<String>,
    pub(super) source_line: Option<i32>,
    pub(super) source_text: Option<String>,
    pub(super) orphaned_at: Option<OffsetDateTime>,
    pub(super) readers: Vec<String>,
    pub(super) source_id: Option<Uuid>,
    pub(super) stale_since: Option<OffsetDateTime>,
    pub(super) updated_at: OffsetDateTime,
}

impl TryFrom<EntityRow> for Entity {
    type Error = Error;

    fn try_from(row: EntityRow) -> Result<Self> {
        let reference = EntityRef::new(&row.kind, &row.namespace, &row.name)
            .map_err(|e| Error::internal(format!("entity {}: {e}", row.entity_id)))?;
        Ok(Self {
            id: row.entity_id,
            reference,
            title: row.title,
            description: row.description,
            owner: row.owner,
            system: row.system,
            spec_type: row.spec_type,
            lifecycle: row.lifecycle,
            tags: row.tags,
            document: row.document,
            etag: row.etag,
            origin: Origin {
                name: row.origin,
                file: row.source_file,
                line: row.source_line,
                text: row.source_text,
                orphaned_at: row.orphaned_at,
                source: row.source_id,
                stale_since: row.stale_since,
            },
            visible_to: named(row.readers),
            updated_at: row.updated_at,
        })
    }
}

fn named(readers: Vec<String>) -> Option<Vec<String>> {
    let is_restricted = !readers.iter().any(|reader| reader == Viewer::EVERYBODY);
    is_restricted.then(|| readers.into_iter().filter(|reader| reader != Viewer::ALL_TEAMS).collect())
}

/// One entity.
pub async fn find(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<Entity> {
    sqlx::query_as!(
        EntityRow,
        r#"select entity_id, e.kind, namespace, name, title, description, owner, system, type as spec_type, lifecycle, tags,
                  document, e.etag as "etag!", e.origin, source_file, source_line, source_text, orphaned_at, readers, updated_at,
                  s.source_id as "source_id?", s.trouble_since as stale_since
           from entity e left join catalog_source s on s.origin = e.origin where reference = $1 and readers && $2::text[]"#,
        reference.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_one(&db.pool)
    .await?
    .try_into()
}
