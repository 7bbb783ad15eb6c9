//! What people see of documentation: exactly those who see the entity that has it.

use domain::{access::Viewer, catalog::EntityRef};
use serde_json::Value;
use time::OffsetDateTime;

use super::{navigation::NavRow, outline::Heading};
use crate::{Db, Error, Result, catalog::living::page_at};

/// One page with all that stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct DocsPage {
    /// What the documentation calls itself.
    pub site: Option<String>,
    /// What follows `docs/` in its address; empty for the first page.
    pub address: String,
    pub title: String,
    /// Clean. Addresses of pages in it begin with `docs:page/` or are `docs:home`, those of images with `docs:image/`.
    pub html: String,
    pub headings: Vec<Heading>,
    pub nav: Vec<NavRow>,
    /// The page before and the one after, by the navigation.
    pub previous: Option<NavRow>,
    pub next: Option<NavRow>,
    /// In the repository.
    pub file: String,
    /// The file at the Git host.
    pub file_address: Option<String>,
    pub commit: Option<String>,
    pub read_at: OffsetDateTime,
    /// Since when its source cannot be read.
    pub stale_since: Option<OffsetDateTime>,
}

pub struct DocsImage {
    /// Its media type.
    pub kind: String,
    pub bytes: Vec<u8>,
}

/// Whether the entity has documentation of its own.
pub async fn has_docs(viewer: &Viewer, db: &Db, of: &EntityRef) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (
               select from entity e join entity_docs using (entity_id) where e.reference = $1 and e.readers && $2::text[]
           ) as "found!""#,
        of.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(found)
}

/// A page by its address, or the first one. Nothing where the entity has no documentation, and
/// [`Error::NotFound`] where that has no such page.
pub async fn docs_page(viewer: &Viewer, db: &Db, of: &EntityRef, address: Option<&str>) -> Result<Option<DocsPage>> {
    let row = sqlx::query!(
        r#"select d.title as site, d.home, d.nav, d.commit_id, d.read_at, s.origin, s.path, s.trouble_since,
                  p.address as "address?", p.title as "title?", p.html as "html?", p.headings as "headings?", p.file as "file?"
           from entity e join entity_docs using (entity_id) join catalog_docs d using (docs_id)
           join catalog_source s on s.source_id = d.source_id
           left join catalog_docs_page p on p.docs_id = d.docs_id and p.address = coalesce($2, d.home)
           where e.reference = $1 and e.readers && $3::text[]"#,
        of.to_string(),
        address,
        &viewer.catalog_readers(),
    )
    .fetch_optional(&db.pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (Some(address), Some(title), Some(html), Some(headings), Some(file)) =
        (row.address, row.title, row.html, row.headings, row.file)
    else {
        return Err(Error::NotFound);
    };
    let nav: Vec<NavRow> = read(row.nav)?;
    let pages: Vec<&NavRow> = nav.iter().filter(|line| line.address.is_some()).collect();
    let at = pages.iter().position(|line| line.address.as_deref() == Some(&address));
    let beside =
        |step: fn(usize) -> Option<usize>| at.and_then(step).and_then(|at| pages.get(at)).map(|line| (*line).clone());
    Ok(Some(DocsPage {
        site: row.site,
        previous: beside(|at| at.checked_sub(1)),
        next: beside(|at| at.checked_add(1)),
        file_address: page_at(&row.origin, row.path.as_deref(), &file),
        address,
        title,
        html,
        headings: read(headings)?,
        nav,
        file,
        commit: row.commit_id,
        read_at: row.read_at,
        stale_since: row.trouble_since,
    }))
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::internal(format!("catalog_docs: {error}")))
}

/// An image of an entity's documentation by its hash.
pub async fn docs_image(viewer: &Viewer, db: &Db, of: &EntityRef, hash: &str) -> Result<DocsImage> {
    let image = sqlx::query_as!(
        DocsImage,
        "select i.kind, i.bytes from entity e join entity_docs using (entity_id) join catalog_docs_image i using (docs_id)
         where e.reference = $1 and i.hash = $2 and e.readers && $3::text[]",
        of.to_string(),
        hash,
        &viewer.catalog_readers(),
    )
    .fetch_one(&db.pool)
    .await?;
    Ok(image)
}
