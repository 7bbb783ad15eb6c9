//! Sources that end: nothing is read there any more, and what they described is marked until somebody else describes it or
//! it is taken out.

use domain::access::{Role, Viewer};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{
    Db, Result,
    audit::{self, Actor, Record},
    catalog::{import::orphan_all, readers},
};

/// What became of a source.
pub(super) struct Ended {
    pub(super) origin: String,
    orphaned: usize,
}

/// Ends a source, for those who decide about it. Missing, hidden, ended already and not the viewer's look alike.
pub async fn end_source(viewer: &Viewer, db: &Db, source: Uuid) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    sqlx::query_scalar!(
        "select s.source_id from catalog_source s
         where s.source_id = $1 and s.ended_at is null and cardinality($2::text[]) > 0
           and catalog_source_is_of(s, $3, $4, $5, $6) for update",
        source,
        &viewer.catalog_readers(),
        viewer.has(Role::Platform),
        viewer.person.0,
        &viewer.teams,
        &viewer.team_references(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let ended = end(&mut tx, source, Some(viewer.person.0)).await?;
    audit::commit(tx, ended.record(&Actor::Person(viewer.person))).await
}

/// Ends it as a part of a larger change. The row is locked already; a worker that looks at it writes nothing more.
pub(super) async fn end(tx: &mut Transaction<'_, Postgres>, source: Uuid, by: Option<Uuid>) -> Result<Ended> {
    readers::lock(tx, false).await?;
    let origin = sqlx::query_scalar!(
        "update catalog_source
         set ended_at = now(), ended_by = $2, trouble = null, trouble_since = null, missing_since = null,
             missing_looks = 0, moved_to = null, is_open = false, lease_owner = null, lease_until = null,
             lease_epoch = lease_epoch + 1
         where source_id = $1 returning origin",
        source,
        by,
    )
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query!("delete from catalog_finding where source_id = $1", source).execute(&mut **tx).await?;
    let orphaned = orphan_all(tx, &origin).await?;
    Ok(Ended { origin, orphaned })
}

impl Ended {
    pub(super) fn record<'a>(self, actor: &'a Actor) -> Record<'a> {
        let detail = json!({ "orphaned": self.orphaned });
        Record { actor, action: "catalog.end_source", target: self.origin, detail }
    }
}
