//! What people can do to a run that exists.

use domain::{access::Viewer, scaffold::RunState};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::record;
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
};

/// Stops a run. A worker that has it finds its lease gone at the next write. What exists by then stays and is listed, and
/// what was under way outside is listed as something that may exist.
pub async fn cancel(viewer: &Viewer, db: &Db, run: Uuid) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let state = lock(&mut tx, viewer, run).await?;
    if !state.can_cancel() {
        return Err(conflict("This run has ended already, so there is nothing left to cancel."));
    }
    record::set_state(&mut tx, run, RunState::Cancelled).await?;
    sqlx::query!(
        "with steps as (
             update run_step set state = 'cancelled', finished_at = now()
             where run_id = $1 and state in ('pending', 'running', 'waiting'))
         update run set finished_at = now(), lease_owner = null, lease_until = null, lease_epoch = lease_epoch + 1,
                waiting_for = null
         where run_id = $1",
        run
    )
    .execute(&mut *tx)
    .await?;
    record::give_back(&mut tx, run, "The run that asked was cancelled.").await?;
    commit(tx, viewer, "run.cancel", run).await
}

/// Lets a failed run go on from the step that failed. Accelerators that were refused it are asked for anew.
pub async fn retry(viewer: &Viewer, db: &Db, run: Uuid) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    if !lock(&mut tx, viewer, run).await?.can_retry() {
        return Err(conflict("Only a failed run can be tried again."));
    }
    sqlx::query!(
        "update run_step set state = 'pending', error = null, finished_at = null where run_id = $1 and state = 'failed'",
        run
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "update quota_request set run_id = null where run_id = $1 and state in ('denied', 'withdrawn', 'expired')",
        run
    )
    .execute(&mut *tx)
    .await?;
    record::set_state(&mut tx, run, RunState::Queued).await?;
    sqlx::query!("update run set not_before = now(), waits = 0, finished_at = null where run_id = $1", run)
        .execute(&mut *tx)
        .await?;
    commit(tx, viewer, "run.retry", run).await
}

/// The state of a run that the viewer may change, locked.
async fn lock(tx: &mut Transaction<'_, Postgres>, viewer: &Viewer, run: Uuid) -> Result<RunState> {
    let word = sqlx::query_scalar!(
        "select state from run where run_id = $1 and (person_id = $2 or team = any($3) or $4) for update",
        run,
        viewer.person.0,
        &viewer.teams,
        viewer.sees_all_teams(),
    )
    .fetch_one(&mut **tx)
    .await?;
    word.parse().map_err(|e| Error::internal(format!("run {run}: {e}")))
}

async fn commit(tx: Transaction<'_, Postgres>, viewer: &Viewer, action: &'static str, run: Uuid) -> Result<()> {
    let record =
        Record { actor: &Actor::Person(viewer.person), action, target: format!("run:{run}"), detail: json!({}) };
    audit::commit(tx, record).await
}

fn conflict(detail: &str) -> Error {
    Error::Conflict { code: "run_state", detail: detail.to_owned() }
}
