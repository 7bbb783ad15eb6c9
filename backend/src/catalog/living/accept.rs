//! Taking over what was previewed, and nothing else.

use domain::access::Viewer;
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    led::{self, hash_of_all},
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
    import_id: Uuid,
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
        "select import_id, repository, branch, path, state, origin, is_open, commit_id, content, hash, source_id
         from catalog_import where import_id = $1 and led_by is null and person_id is not distinct from $2 for update",
        import,
        person,
    )
    .fetch_one(&mut *tx)
    .await?;
    if let Some(source) = row.source_id {
        return Ok((source, Imported::default()));
    }
    let led = ready_with(&mut tx, import).await?;
    let all = row.hash.as_deref().map(|own| hash_of_all(own, led.iter().filter_map(|led| led.hash.as_deref())));
    if row.state != "ready" || all.as_deref() != Some(hash) {
        return Err(Error::Conflict {
            code: "import_moved",
            detail: "What was read is not what the branch holds any more. Look again, and accept what you see then."
                .into(),
        });
    }
    let mut all: Vec<Accepted> = led.into_iter().chain([row]).collect();
    // Two that lead to the same lock it in the same order.
    all.sort_by(|a, b| a.origin.cmp(&b.origin));
    let (mut source, mut imported) = (None, Imported::default());
    for row in all {
        let is_first = row.import_id == import;
        let (made, more) = one(&mut tx, actor, person, row).await?;
        source = source.or(is_first.then_some(made));
        imported.add(more);
    }
    let source = source.ok_or_else(|| Error::internal(format!("catalog_import {import}: it made no source")))?;
    for missing in led::missing(&mut tx).await? {
        Sources::wake(&mut tx, missing).await?;
    }
    tx.commit().await?;
    Ok((source, imported))
}

/// What an import led to and is ready, locked until the transaction ends; nothing while one of them is still read, as what
/// was shown by then was not all.
async fn ready_with(tx: &mut Transaction<'_, Postgres>, import: Uuid) -> Result<Vec<Accepted>> {
    let leads_on = sqlx::query_scalar!(
        r#"select exists (select from catalog_import where led_by = $1 and state = 'reading') as "leads_on!""#,
        import
    )
    .fetch_one(&mut **tx)
    .await?;
    if leads_on {
        return Err(Error::Conflict {
            code: "import_moved",
            detail: "Not everything that this leads to was read yet. Look again in a moment.".into(),
        });
    }
    let led = sqlx::query_as!(
        Accepted,
        "select import_id, repository, branch, path, state, origin, is_open, commit_id, content, hash, source_id
         from catalog_import where led_by = $1 and state = 'ready' order by import_id for update",
        import
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(led)
}

/// Makes a source of what was read, with what it describes.
async fn one(
    tx: &mut Transaction<'_, Postgres>,
    actor: &Actor,
    person: Option<Uuid>,
    row: Accepted,
) -> Result<(Uuid, Imported)> {
    let import = row.import_id;
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
    let source = ensure(tx, &place, "git", person).await?;
    let mut imported = Imported::default();
    if !has_read_another(tx, source, commit).await? {
        cause::is_commit(tx, commit).await?;
        imported = take_over(tx, origin, &collected).await?;
        was_read(tx, source, commit, &imported).await?;
        // No preview holds documentation, or says what no source reads in the end: the source's own first look brings it.
        sqlx::query!(
            "update catalog_source set etag = null
             where source_id = $1 and ($2 or exists (select from catalog_import where said_by = $3))",
            source,
            collected.may_have_docs(),
            import,
        )
        .execute(&mut **tx)
        .await?;
    }
    Sources::wake(tx, source).await?;
    sqlx::query!(
        "update catalog_import set state = 'accepted', source_id = $2, content = null where import_id = $1",
        import,
        source
    )
    .execute(&mut **tx)
    .await?;
    let Imported { added, changed, orphaned, .. } = imported;
    let detail = json!({ "commit": commit, "added": added, "changed": changed, "orphaned": orphaned });
    audit::append(tx, Record { actor, action: "catalog.import", target: origin.clone(), detail }).await?;
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
