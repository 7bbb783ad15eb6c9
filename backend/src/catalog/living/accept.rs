//! Taking over what was previewed, and nothing else.

use domain::access::Viewer;
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    queue::Sources,
    source::{Place, ensure},
};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog::{
        cause,
        import::{Imported, take_over},
        reading::Collected,
    },
    keyed_queue::Keys,
};

/// Takes over the preview with this hash; answers the source, which lives from then on. A second time changes nothing.
pub async fn accept(viewer: &Viewer, db: &Db, import: Uuid, hash: &str) -> Result<Uuid> {
    if viewer.is_outsider() {
        return Err(Error::NotFound);
    }
    let (source, _) = apply(db, &Actor::Person(viewer.person), Some(viewer.person.0), import, hash).await?;
    Ok(source)
}

/// The same for an import that a command asked for, and what it did.
pub async fn accept_for_command(db: &Db, import: Uuid, hash: &str) -> Result<Imported> {
    let (_, imported) = apply(db, &Actor::System("catalog-import"), None, import, hash).await?;
    Ok(imported)
}

struct Accepted {
    repository: String,
    branch: Option<String>,
    path: String,
    state: String,
    origin: Option<String>,
    is_open: Option<bool>,
    commit_id: Option<String>,
    content: Option<Vec<u8>>,
    hash: Option<String>,
    source_id: Option<Uuid>,
}

async fn apply(db: &Db, actor: &Actor, person: Option<Uuid>, import: Uuid, hash: &str) -> Result<(Uuid, Imported)> {
    let mut tx = db.pool.begin().await?;
    let row = sqlx::query_as!(
        Accepted,
        "select repository, branch, path, state, origin, is_open, commit_id, content, hash, source_id
         from catalog_import where import_id = $1 and person_id is not distinct from $2 for update",
        import,
        person,
    )
    .fetch_one(&mut *tx)
    .await?;
    if let Some(source) = row.source_id {
        return Ok((source, Imported::default()));
    }
    if row.state != "ready" || row.hash.as_deref() != Some(hash) {
        return Err(Error::Conflict {
            code: "import_moved",
            detail: "What was read is not what the branch holds any more. Look again, and accept what you see then."
                .into(),
        });
    }
    let whole = || Error::internal(format!("catalog_import {import}: a ready import is not whole"));
    let content = row.content.as_deref().ok_or_else(whole)?;
    let collected: Collected = serde_json::from_slice(content).map_err(|_| whole())?;
    let (Some(origin), Some(branch), Some(commit)) = (&row.origin, &row.branch, &row.commit_id) else {
        return Err(whole());
    };
    let place = Place {
        origin,
        repository: &row.repository,
        branch,
        path: &row.path,
        is_open: row.is_open.unwrap_or_default(),
    };
    let source = ensure(&mut tx, &place, "git", person).await?;
    let mut imported = Imported::default();
    if !has_read_another(&mut tx, source, commit).await? {
        cause::is_commit(&mut tx, commit).await?;
        imported = take_over(&mut tx, origin, &collected).await?;
        was_read(&mut tx, source, commit, &imported).await?;
        if collected.may_have_docs() {
            // No preview holds documentation: the source's own first look brings it.
            sqlx::query!("update catalog_source set etag = null where source_id = $1", source)
                .execute(&mut *tx)
                .await?;
        }
    }
    Sources::wake(&mut tx, source).await?;
    sqlx::query!(
        "update catalog_import set state = 'accepted', source_id = $2, content = null where import_id = $1",
        import,
        source
    )
    .execute(&mut *tx)
    .await?;
    let Imported { added, changed, orphaned, .. } = imported;
    let detail = json!({ "commit": commit, "added": added, "changed": changed, "orphaned": orphaned });
    audit::commit(tx, Record { actor, action: "catalog.import", target: origin.clone(), detail }).await?;
    Ok((source, imported))
}

/// A source that lives already knows better than a preview of another commit.
async fn has_read_another(tx: &mut Transaction<'_, Postgres>, source: Uuid, commit: &str) -> Result<bool> {
    let other = sqlx::query_scalar!(
        r#"select coalesce(commit_id <> $2, false) as "other!" from catalog_source where source_id = $1"#,
        source,
        commit
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(other)
}

/// Notes a good reading at a commit.
pub(super) async fn was_read(
    tx: &mut Transaction<'_, Postgres>,
    source: Uuid,
    commit: &str,
    imported: &Imported,
) -> Result<()> {
    let Imported { added, changed, unchanged, orphaned, .. } = *imported;
    sqlx::query!(
        "update catalog_source
         set commit_id = $2, etag = $2, counts = $3, read_at = now(), looked_at = now(), trouble = null,
             trouble_since = null, missing_since = null, missing_looks = 0, moved_to = null
         where source_id = $1",
        source,
        commit,
        json!({ "added": added, "changed": changed, "unchanged": unchanged, "orphaned": orphaned }),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
