//! A repository that has another name at the host by now: who decides about the source takes over the new address, and its
//! entities stay what they are.

use domain::access::{Role, Viewer};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::{address::Host, end::end, queue::Sources};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog::{found_by, readers},
    keyed_queue::Keys,
};

struct Moved {
    origin: String,
    branch: String,
    path: String,
    repository: String,
    url: Option<String>,
}

/// Reads the source from where the host says that it is; answers the source. Missing, hidden, not moved and not the
/// viewer's look alike.
pub async fn accept_move(viewer: &Viewer, db: &Db, source: Uuid) -> Result<Uuid> {
    let mut tx = db.pool.begin().await?;
    let moved = sqlx::query_as!(
        Moved,
        r#"select s.origin, s.branch as "branch!", s.path as "path!", s.moved_to as "repository!",
                  (select url from catalog_host) as url
           from catalog_source s
           where s.source_id = $1 and s.ended_at is null and s.moved_to is not null and cardinality($2::text[]) > 0
             and catalog_source_is_of(s, $3, $4, $5, $6) for update"#,
        source,
        &viewer.catalog_readers(),
        viewer.has(Role::Platform),
        viewer.person.0,
        &viewer.teams,
        &viewer.team_references(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let broken = || Error::internal(format!("catalog_source {source}: where it moved to is not readable"));
    let host = moved.url.as_deref().and_then(Host::new).ok_or_else(broken)?;
    let repository = moved.repository.parse().map_err(|_| broken())?;
    let origin = host.origin(&repository, &moved.branch, &moved.path);
    let detail = json!({ "now": &origin });
    let kept = match at(&mut tx, &origin).await? {
        Some(other) => {
            // Somebody imported it from there before: that source takes over what this one leaves.
            end(&mut tx, source, Some(viewer.person.0)).await?;
            read_anew(&mut tx, other).await?;
            other
        }
        None => {
            follow(&mut tx, source, &moved, &origin).await?;
            source
        }
    };
    Sources::wake(&mut tx, kept).await?;
    let actor = Actor::Person(viewer.person);
    audit::commit(tx, Record { actor: &actor, action: "catalog.move_source", target: moved.origin, detail }).await?;
    Ok(kept)
}

async fn at(tx: &mut Transaction<'_, Postgres>, origin: &str) -> Result<Option<Uuid>> {
    let found = sqlx::query_scalar!("select source_id from catalog_source where origin = $1 for update", origin);
    Ok(found.fetch_optional(&mut **tx).await?)
}

async fn read_anew(tx: &mut Transaction<'_, Postgres>, source: Uuid) -> Result<()> {
    sqlx::query!(
        "update catalog_source set etag = null, commit_id = null, ended_at = null, ended_by = null where source_id = $1",
        source
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn follow(tx: &mut Transaction<'_, Postgres>, source: Uuid, moved: &Moved, origin: &str) -> Result<()> {
    readers::lock(tx, false).await?;
    sqlx::query!(
        "update catalog_source
         set origin = $2, repository = $3, etag = null, trouble = null, trouble_since = null, missing_since = null,
             missing_looks = 0, moved_to = null, webhook_print = null, webhook_asked_at = null, lease_owner = null,
             lease_until = null, lease_epoch = lease_epoch + 1
         where source_id = $1",
        source,
        origin,
        moved.repository,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("update entity set origin = $2 where origin = $1", moved.origin, origin).execute(&mut **tx).await?;
    found_by::keep_all_of(tx, origin).await
}
