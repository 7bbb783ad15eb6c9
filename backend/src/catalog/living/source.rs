//! The rows of sources: how they come, and what makes them due.

use domain::{
    access::Viewer,
    catalog::{EntityRef, descriptor::read},
    scaffold::Plan,
};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{
    address::Host,
    queue::{Imports, Sources},
};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog::changing,
    git_host::{Branch, GitHost, RepositoryName},
    keyed_queue::Keys,
};

/// A file at the Git host.
pub(super) struct Place<'a> {
    pub(super) origin: &'a str,
    pub(super) repository: &'a str,
    pub(super) branch: &'a str,
    pub(super) path: &'a str,
    pub(super) is_open: bool,
}

/// Makes the file a source that is read from now on, unless it is one; one that ended begins anew. The row is locked until the transaction ends.
pub(super) async fn ensure(
    tx: &mut Transaction<'_, Postgres>,
    place: &Place<'_>,
    kind: &str,
    requested_by: Option<Uuid>,
) -> Result<Uuid> {
    let source = sqlx::query_scalar!(
        "insert into catalog_source as s (origin, kind, repository, branch, path, is_open, requested_by)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint catalog_source_origin_unique do update
             set is_open = excluded.is_open, ended_at = null, ended_by = null,
                 commit_id = case when s.ended_at is null then s.commit_id end,
                 etag = case when s.ended_at is null then s.etag end
         returning source_id",
        place.origin,
        kind,
        place.repository,
        place.branch,
        place.path,
        place.is_open,
        requested_by,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(source)
}

/// Makes the file of a run's repository that describes its entity a source. Answers what the entity has to name as its
/// origin; nothing where no file of the plan describes it.
pub(crate) async fn declare_made(
    tx: &mut Transaction<'_, Postgres>,
    git_host: &dyn GitHost,
    plan: &Plan,
    repository: &RepositoryName,
) -> Result<Option<String>> {
    let describes = |text: &str| read(text).descriptors.iter().any(|found| found.reference == plan.entity.reference);
    let is_yaml = |path: &str| path.ends_with(".yaml") || path.ends_with(".yml");
    let mut files = plan.files.iter().filter(|file| is_yaml(file.path.as_str()) && describes(&file.content));
    let Some(file) = files.next() else { return Ok(None) };
    let host = Host::of_page(&git_host.web_url(repository), repository)
        .ok_or_else(|| Error::internal("the Git host's address of a repository is not readable"))?;
    let (branch, path, name) = (Branch::main(), file.path.as_str(), repository.to_string());
    let origin = host.origin(repository, branch.as_str(), path);
    let place = Place { origin: &origin, repository: &name, branch: branch.as_str(), path, is_open: false };
    let source = ensure(tx, &place, "platform", None).await?;
    Sources::wake(tx, source).await?;
    Ok(Some(origin))
}

/// What the Git host tells of a repository: its sources, what is being imported from it and what is being changed there
/// are looked at.
pub(crate) async fn pushed(tx: &mut Transaction<'_, Postgres>, repository: &RepositoryName) -> Result<()> {
    let name = repository.to_string();
    // In the order in which an accepted import locks them.
    let imports = sqlx::query_scalar!(
        "select import_id from catalog_import where is_waiting and lower(repository) = lower($1) order by import_id",
        name
    )
    .fetch_all(&mut **tx)
    .await?;
    for import in imports {
        Imports::wake(tx, import).await?;
    }
    let sources = sqlx::query_scalar!(
        "select source_id from catalog_source where is_living and lower(repository) = lower($1) order by source_id",
        name
    )
    .fetch_all(&mut **tx)
    .await?;
    for source in sources {
        Sources::wake(tx, source).await?;
    }
    changing::woken(tx, repository).await
}

/// Has a source read again at once, even where nothing was pushed.
pub async fn look_again(viewer: &Viewer, db: &Db, source: Uuid) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let found = sqlx::query!(
        r#"select s.origin, s.is_living as "is_living!", s.ended_at is not null as "is_ended!" from catalog_source s
           where s.source_id = $1 and cardinality($2::text[]) > 0 and (catalog_source_is_for(s, $3, $4, $5)
               or exists (select 1 from entity e where e.origin = s.origin and e.readers && $2::text[]))"#,
        source,
        &viewer.catalog_readers(),
        viewer.sees_all_teams(),
        viewer.person.0,
        &viewer.teams,
    )
    .fetch_one(&mut *tx)
    .await?;
    if found.is_ended {
        return Err(Error::Conflict {
            code: "source_ended",
            detail: "This source has ended and is not read any more. Import the file again to have it read.".into(),
        });
    }
    if !found.is_living {
        return Err(Error::Conflict {
            code: "not_asked",
            detail: "This file was handed over and is not asked again by itself. Hand it over once more with `waymark \
                     catalog import`; then it is read at once."
                .into(),
        });
    }
    sqlx::query!("update catalog_source set etag = null where source_id = $1", source).execute(&mut *tx).await?;
    Sources::wake(&mut tx, source).await?;
    let actor = Actor::Person(viewer.person);
    audit::commit(tx, Record { actor: &actor, action: "catalog.look_again", target: found.origin, detail: json!({}) })
        .await
}

/// The same for the source of an entity.
pub async fn look_again_at(viewer: &Viewer, db: &Db, reference: &EntityRef) -> Result<()> {
    let source = sqlx::query_scalar!(
        "select s.source_id from entity e join catalog_source s on s.origin = e.origin
         where e.reference = $1 and e.readers && $2::text[]",
        reference.to_string(),
        &viewer.catalog_readers(),
    )
    .fetch_optional(&db.pool)
    .await?;
    match source {
        Some(source) => look_again(viewer, db, source).await,
        None => Err(Error::Conflict {
            code: "not_asked",
            detail: "The platform made this entity itself and reads it from nowhere.".into(),
        }),
    }
}
