//! The list of entities, a page at a time.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{access::Viewer, error::FieldError};
use uuid::Uuid;

use super::{
    entity::{Entity, EntityRow},
    kept,
};
use crate::{Db, Error, Result};

/// What a list is narrowed to. Everything that is not there does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogFilter {
    /// In lower case, as in references.
    pub kind: Option<String>,
    pub spec_type: Option<String>,
    pub lifecycle: Option<String>,
    /// Full reference, or [`NOBODY`], or [`MINE`].
    pub owner: Option<String>,
    /// Full reference.
    pub system: Option<String>,
    /// Full reference; what is part of a system of the domain is in it, too.
    pub domain: Option<String>,
    pub tag: Option<String>,
    /// `0` to `5`, or [`NOT_KNOWN`]; of components alone, as far as their levels are the viewer's to see.
    pub level: Option<String>,
}

/// Stands for the level of what has not been worked out, or cannot be.
pub const NOT_KNOWN: &str = "unknown";
/// Stands for the owner of what should have one and has none.
pub const NOBODY: &str = "none";
/// Stands for the viewer's own teams.
pub const MINE: &str = "mine";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By kind, namespace and name.
    #[default]
    Reference,
    /// By what people read: the title, else the name.
    Title,
    Owner,
    /// What changed last comes first.
    Changed,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CatalogPage {
    pub items: Vec<Entity>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

impl Sort {
    pub const ALL: [Sort; 4] = [Sort::Reference, Sort::Title, Sort::Owner, Sort::Changed];

    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reference => "kind",
            Self::Title => "name",
            Self::Owner => "owner",
            Self::Changed => "changed",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.word() == word)
    }
}

impl CatalogFilter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Nothing that is stored holds the character NUL, and the database takes no text with it.
    pub(super) fn asks_for_nothing(&self) -> bool {
        let Self { kind, spec_type, lifecycle, owner, system, domain, tag, level } = self;
        [kind, spec_type, lifecycle, owner, system, domain, tag, level]
            .into_iter()
            .flatten()
            .any(|text| text.contains('\0'))
    }
}

/// Kinds of the format whose entities belong to nobody.
pub(super) fn ownerless() -> Vec<String> {
    ["group", "location", "user"].map(str::to_owned).to_vec()
}

/// A page of entities; `after` is what the page before gave as its `next`.
pub async fn list(
    viewer: &Viewer,
    db: &Db,
    filter: &CatalogFilter,
    sort: Sort,
    after: Option<&str>,
    limit: i64,
) -> Result<Arc<CatalogPage>> {
    if filter.asks_for_nothing() {
        return Ok(Arc::new(CatalogPage { items: Vec::new(), next: None }));
    }
    let limit = limit.clamp(1, 100);
    let size = |page: &CatalogPage| page.items.iter().map(Entity::size).sum();
    let asked = format!("list {limit} {sort:?} {after:?} {filter:?}");
    kept(viewer, db, &asked, size, read(viewer, db, filter, sort, after.map(cursor).transpose()?, limit)).await
}

async fn read(
    viewer: &Viewer,
    db: &Db,
    filter: &CatalogFilter,
    sort: Sort,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<CatalogPage> {
    let (key, reference) = after.unzip();
    let mut keys = sqlx::query_as!(
        Key,
        r#"with seen as (
               select entity_id, reference, (case $1
                   when 'name' then lower(coalesce(title, name))
                   when 'owner' then coalesce(owner, '~')
                   when 'changed' then lpad((4102444800000000 - floor(extract(epoch from updated_at) * 1000000))::text, 17, '0')
                   else reference end) collate "C" as sort_key
               from entity
               where readers && $2::text[] and ($3::text is null or kind = $3) and ($4::text is null or type = $4)
                 and ($5::text is null or lifecycle = $5)
                 and ($6::text is null or owner = $6 or ($6 = 'mine' and owner = any ($12::text[]))
                      or ($6 = 'none' and owner is null and kind <> all ($14::text[])))
                 and ($7::text is null or system = $7) and ($8::text is null or $8 = any (tags))
                 and ($13::text is null or exists (
                     select 1 from entity_relation r
                     join entity teller on teller.entity_id = r.entity_id and teller.readers && $2::text[]
                     where lower(r.name) = 'partof' and r.to_ref = $13 and r.from_ref = coalesce(entity.system, entity.reference)
                       and teller.reference = r.from_ref))
                 and ($15::text is null or kind = 'component' and ($16 or owner = any ($12::text[])) and $15 = coalesce(
                     (select l.level::text from maturity_level l where l.subject = entity.reference), 'unknown'))
           )
           select entity_id, reference, sort_key as "sort_key!" from seen
           where $9::text is null or (sort_key, reference) > ($9, $10)
           order by sort_key, reference limit $11"#,
        sort.word(),
        &viewer.catalog_readers(),
        filter.kind,
        filter.spec_type,
        filter.lifecycle,
        filter.owner,
        filter.system,
        filter.tag,
        key,
        reference,
        limit + 1,
        &viewer.team_references(),
        filter.domain,
        &ownerless(),
        filter.level,
        viewer.sees_all_levels(),
    )
    .fetch_all(&db.pool)
    .await?;
    let is_more = i64::try_from(keys.len()).is_ok_and(|found| found > limit);
    keys.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = keys.last().filter(|_| is_more).map(Key::cursor);
    let ids: Vec<Uuid> = keys.into_iter().map(|key| key.entity_id).collect();
    Ok(CatalogPage { items: entities(viewer, db, &ids).await?, next })
}

/// These, in this order.
pub(super) async fn entities(viewer: &Viewer, db: &Db, ids: &[Uuid]) -> Result<Vec<Entity>> {
    sqlx::query_as!(
        EntityRow,
        r#"select entity_id, e.kind, namespace, name, title, description, owner, system, type as spec_type, lifecycle, tags,
                  document, e.etag as "etag!", e.origin, source_file, source_line, source_text, orphaned_at, readers, updated_at,
                  s.source_id as "source_id?", s.trouble_since as stale_since
           from entity e left join catalog_source s on s.origin = e.origin
           where entity_id = any ($1) and readers && $2::text[] order by array_position($1, entity_id)"#,
        ids,
        &viewer.catalog_readers(),
    )
    .fetch_all(&db.pool)
    .await?
    .into_iter()
    .map(Entity::try_from)
    .collect()
}

/// By what an entity is sorted. A cursor holds it, so that the next page begins there even when the entity is gone.
struct Key {
    entity_id: Uuid,
    reference: String,
    sort_key: String,
}

impl Key {
    /// A reference holds no line end.
    fn cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}\n{}", self.reference, self.sort_key))
    }
}

/// Sort key and reference.
fn cursor(text: &str) -> Result<(String, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let read = String::from_utf8(bytes).unwrap_or_default();
    let (reference, key) = read.split_once('\n').filter(|_| !read.contains('\0')).ok_or_else(|| {
        let message = "This is not where a page ends. Begin with the first page.";
        Error::Invalid(vec![FieldError::new("/after", message)])
    })?;
    Ok((key.to_owned(), reference.to_owned()))
}
