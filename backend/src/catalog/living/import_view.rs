//! An import as the one who asked for it sees it.

use domain::{access::Viewer, catalog::EntityRef};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::led::hash_of_all;
use crate::{
    Db, Error, Result,
    catalog::import::{Preview, PreviewDocument, PreviewFate},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// A worker reads.
    Reading,
    Ready,
    /// The branch has moved since it was read.
    Moved,
    Failed,
    Accepted,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ImportView {
    pub id: Uuid,
    pub state: ImportState,
    /// Owner and name.
    pub repository: String,
    pub branch: Option<String>,
    pub path: String,
    pub commit: Option<String>,
    /// What is accepted is named by it.
    pub hash: Option<String>,
    /// Why there is nothing to accept, in full sentences.
    pub problem: Option<String>,
    pub preview: Option<Preview>,
    /// Files of other repositories that its locations lead to, in the order in which they were found.
    pub led: Vec<LedImport>,
    /// Who has the names that are taken, as far as the viewer sees it.
    pub holders: Vec<Holder>,
    pub source: Option<Uuid>,
    pub created_at: OffsetDateTime,
    pub read_at: Option<OffsetDateTime>,
}

/// One that is accepted together with the import that led to it.
#[derive(Clone, Debug, PartialEq)]
pub struct LedImport {
    pub state: ImportState,
    pub repository: String,
    pub branch: Option<String>,
    pub path: String,
    /// As it stands in the file that names it, and whether that file goes without.
    pub target: String,
    pub is_optional: bool,
    pub problem: Option<String>,
    pub preview: Option<Preview>,
    hash: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub reference: EntityRef,
    /// Such as `file:organisation.yaml`.
    pub origin: String,
}

/// One import of the viewer's own; those who see everything see every one.
pub async fn find_import(viewer: &Viewer, db: &Db, import: Uuid) -> Result<ImportView> {
    let row = sqlx::query!(
        "select state, repository, branch, path, commit_id, hash, problem, preview, source_id, created_at, read_at
         from catalog_import where import_id = $1 and not $2 and (person_id = $3 or $4) and led_by is null",
        import,
        viewer.is_outsider(),
        viewer.person.0,
        viewer.sees_all_teams(),
    )
    .fetch_one(&db.pool)
    .await?;
    let preview = previewed(import, row.preview)?;
    let led = led_by(db, import).await?;
    let previews = preview.iter().chain(led.iter().filter_map(|led| led.preview.as_ref()));
    let holders = holders(viewer, db, previews.flat_map(|preview| &preview.documents)).await?;
    // Read in full is what all was read of that it leads to.
    let state = match ImportState::of(&row.state)? {
        ImportState::Ready if led.iter().any(|led| led.state == ImportState::Reading) => ImportState::Reading,
        state => state,
    };
    let ready = led.iter().filter(|led| led.state == ImportState::Ready).filter_map(|led| led.hash.as_deref());
    Ok(ImportView {
        id: import,
        state,
        repository: row.repository,
        branch: row.branch,
        path: row.path,
        commit: row.commit_id,
        hash: row.hash.map(|hash| hash_of_all(&hash, ready)),
        problem: row.problem,
        preview: preview.filter(|_| state != ImportState::Reading),
        led,
        holders,
        source: row.source_id,
        created_at: row.created_at,
        read_at: row.read_at,
    })
}

impl ImportState {
    fn of(word: &str) -> Result<Self> {
        Ok(match word {
            "reading" => Self::Reading,
            "ready" => Self::Ready,
            "moved" => Self::Moved,
            "failed" => Self::Failed,
            "accepted" => Self::Accepted,
            other => return Err(Error::internal(format!("catalog_import: the state {other}"))),
        })
    }
}

fn previewed(import: Uuid, preview: Option<Value>) -> Result<Option<Preview>> {
    let preview = preview.map(serde_json::from_value).transpose();
    preview.map_err(|error| Error::internal(format!("catalog_import {import}: preview: {error}")))
}

async fn led_by(db: &Db, import: Uuid) -> Result<Vec<LedImport>> {
    let rows = sqlx::query!(
        r#"select import_id, state, repository, branch, path, target as "target!", is_optional, problem, preview, hash
           from catalog_import where led_by = $1 order by import_id"#,
        import
    )
    .fetch_all(&db.pool)
    .await?;
    let led = rows.into_iter().map(|row| {
        Ok(LedImport {
            state: ImportState::of(&row.state)?,
            repository: row.repository,
            branch: row.branch,
            path: row.path,
            target: row.target,
            is_optional: row.is_optional,
            problem: row.problem,
            preview: previewed(row.import_id, row.preview)?,
            hash: row.hash,
        })
    });
    led.collect()
}

async fn holders(viewer: &Viewer, db: &Db, documents: impl Iterator<Item = &PreviewDocument>) -> Result<Vec<Holder>> {
    let taken: Vec<String> = documents
        .filter(|document| document.fate == PreviewFate::Collides)
        .map(|document| document.reference.to_string())
        .collect();
    let rows = sqlx::query!(
        r#"select reference as "reference!", origin from entity where reference = any ($1) and readers && $2::text[]"#,
        &taken,
        &viewer.catalog_readers(),
    )
    .fetch_all(&db.pool)
    .await?;
    let holder = |reference: String, origin| Some(Holder { reference: reference.parse().ok()?, origin });
    Ok(rows.into_iter().filter_map(|row| holder(row.reference, row.origin)).collect())
}
