//! An import as the one who asked for it sees it.

use domain::{access::Viewer, catalog::EntityRef};
use time::OffsetDateTime;
use uuid::Uuid;

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
    /// Who has the names that are taken, as far as the viewer sees it.
    pub holders: Vec<Holder>,
    pub source: Option<Uuid>,
    pub created_at: OffsetDateTime,
    pub read_at: Option<OffsetDateTime>,
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
         from catalog_import where import_id = $1 and not $2 and (person_id = $3 or $4)",
        import,
        viewer.is_outsider(),
        viewer.person.0,
        viewer.sees_all_teams(),
    )
    .fetch_one(&db.pool)
    .await?;
    let preview: Option<Preview> = row
        .preview
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| Error::internal(format!("catalog_import {import}: preview: {error}")))?;
    let holders = match &preview {
        Some(preview) => holders(viewer, db, &preview.documents).await?,
        None => Vec::new(),
    };
    Ok(ImportView {
        id: import,
        state: ImportState::of(&row.state)?,
        repository: row.repository,
        branch: row.branch,
        path: row.path,
        commit: row.commit_id,
        hash: row.hash,
        problem: row.problem,
        preview,
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

async fn holders(viewer: &Viewer, db: &Db, documents: &[PreviewDocument]) -> Result<Vec<Holder>> {
    let taken: Vec<String> = documents
        .iter()
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
