//! What a worker writes about a run. Every function takes a transaction that [`Lease::begin`](super::lease) gave.

use domain::scaffold::{RunState, StepKind, StepState, WaitingFor, pause};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{
    Error, Result,
    audit::{self, Actor, Record},
};

pub(super) type Tx = Transaction<'static, Postgres>;

/// A step that is not done yet.
#[derive(Debug)]
pub(super) struct OpenStep {
    pub(super) position: i32,
    pub(super) name: String,
    pub(super) kind: StepKind,
}

/// Something that a step has done to the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// `repository`, `commit`, `catalog_entity`, `namespace`, …
    pub kind: &'static str,
    pub target: String,
    /// The other system's own id, such as a commit id.
    pub external_id: Option<String>,
    pub url: Option<String>,
    /// False when it was there before, as after a retry of another run.
    pub made_by_this_run: bool,
}

/// The first step that is not done, marked as begun. `None` when all are done.
pub(super) async fn begin_step(tx: &mut Tx, run: Uuid) -> Result<Option<OpenStep>> {
    let row = sqlx::query!(
        "update run_step set state = 'running', attempt = attempt + 1, started_at = coalesce(started_at, now()),
                finished_at = null, error = null
         where run_id = $1 and position = (
             select min(position) from run_step where run_id = $1 and state in ('pending', 'running', 'waiting'))
         returning position, name, kind, attempt",
        run
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    if row.attempt == 1 {
        set_state(tx, run, RunState::Running).await?;
        step_event(tx, run, &row.name, StepState::Running, None).await?;
    } else {
        // Another look at what was waited for is no news; when it is there, the end of the step is.
        sqlx::query!("update run set state = 'running' where run_id = $1", run).execute(&mut **tx).await?;
    }
    let kind = row.kind.parse().map_err(|e| Error::internal(format!("run {run}: {e}")))?;
    Ok(Some(OpenStep { position: row.position, name: row.name, kind }))
}

/// What a step sets out to do. Whoever stops the run meanwhile sees that it may exist.
pub(super) async fn intend(tx: &mut Tx, run: Uuid, effects: &[Effect]) -> Result<()> {
    for effect in effects {
        sqlx::query!(
            "insert into effect (run_id, kind, target, external_id, url, made_by_this_run)
             values ($1, $2, $3, null, $4, null) on conflict on constraint effect_once do nothing",
            run,
            effect.kind,
            effect.target,
            effect.url,
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Puts effects on the ledger, each once, and into the audit trail. Steps whose effects are rows of this database do so
/// in the transaction that makes them.
pub(super) async fn effects(tx: &mut Tx, run: Uuid, effects: &[Effect]) -> Result<()> {
    for effect in effects {
        let is_new = sqlx::query!(
            "insert into effect (run_id, kind, target, external_id, url, made_by_this_run)
             values ($1, $2, $3, $4, $5, $6)
             on conflict on constraint effect_once do update
                 set external_id = excluded.external_id, url = excluded.url,
                     made_by_this_run = excluded.made_by_this_run, at = now()
                 where effect.made_by_this_run is null
             returning effect_id",
            run,
            effect.kind,
            effect.target,
            effect.external_id,
            effect.url,
            effect.made_by_this_run,
        )
        .fetch_optional(&mut **tx)
        .await?;
        if is_new.is_some() && effect.made_by_this_run {
            let detail = json!({ "kind": effect.kind, "target": effect.target, "external_id": effect.external_id });
            noted(tx, run, "run.effect", detail).await?;
        }
    }
    Ok(())
}

/// The step's end and its effects, in one transaction.
pub(super) async fn succeed_step(
    tx: &mut Tx,
    run: Uuid,
    step: &OpenStep,
    link: Option<&str>,
    effects: &[Effect],
) -> Result<()> {
    sqlx::query!(
        "update run_step set state = 'succeeded', finished_at = now(), link = $3 where run_id = $1 and position = $2",
        run,
        step.position,
        link,
    )
    .execute(&mut **tx)
    .await?;
    let has_waited = sqlx::query_scalar!(
        r#"with before as (select waits from run where run_id = $1)
           update run set waits = 0, waiting_for = null where run_id = $1
           returning (select waits from before) > 0 as "has_waited!""#,
        run
    )
    .fetch_one(&mut **tx)
    .await?;
    step_event(tx, run, &step.name, StepState::Succeeded, link).await?;
    if has_waited {
        event(tx, run, "state", json!({ "state": RunState::Running })).await?;
    }
    self::effects(tx, run, effects).await
}

/// The run lets go of its worker and is looked at again after a pause that grows.
pub(super) async fn wait(tx: &mut Tx, run: Uuid, step: &OpenStep, waits: u32, what: &WaitingFor) -> Result<()> {
    let seconds = pause(waits).as_seconds_f64();
    let is_news = sqlx::query_scalar!(
        r#"with before as (select waiting_for ->> 'kind' as kind from run where run_id = $1)
           update run set state = 'waiting', waits = waits + 1, lease_owner = null, lease_until = null,
               not_before = now() + make_interval(secs => $2),
               waiting_for = jsonb_build_object('kind', $3::text, 'detail', $4::text, 'since',
                   case when waiting_for ->> 'kind' = $3 then waiting_for ->> 'since'
                        else to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end)
           where run_id = $1 returning waits = 1 or $3 is distinct from (select kind from before) as "is_news!""#,
        run,
        seconds,
        what.kind,
        what.detail,
    )
    .fetch_one(&mut **tx)
    .await?;
    sqlx::query!("update run_step set state = 'waiting' where run_id = $1 and position = $2", run, step.position)
        .execute(&mut **tx)
        .await?;
    // Looking again and finding the same is no news.
    if is_news {
        step_event(tx, run, &step.name, StepState::Waiting, None).await?;
        event(tx, run, "state", json!({ "state": RunState::Waiting, "waiting_for": what })).await?;
    }
    Ok(())
}

/// The step and with it the run have failed; what exists stays and is listed. What was promised is given back.
pub(super) async fn fail(tx: &mut Tx, run: Uuid, step: &OpenStep, reason: &str) -> Result<()> {
    sqlx::query!(
        "update run_step set state = 'failed', finished_at = now(), error = $3 where run_id = $1 and position = $2",
        run,
        step.position,
        reason,
    )
    .execute(&mut **tx)
    .await?;
    event(tx, run, "step", json!({ "step": step.name, "state": StepState::Failed, "error": reason })).await?;
    give_back(tx, run, "The run that asked has stopped.").await?;
    finish(tx, run, RunState::Failed).await
}

/// Nobody is promised anything by a run that does not go on, and nobody is asked for it.
pub(super) async fn give_back(tx: &mut Transaction<'_, Postgres>, run: Uuid, why: &str) -> Result<()> {
    sqlx::query!(
        "with promises as (update quota_reservation set released_at = now() where run_id = $1 and released_at is null)
         update quota_request set state = 'withdrawn', decision = $2 where run_id = $1 and state = 'pending'",
        run,
        why,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends the run and lets go of it.
pub(super) async fn finish(tx: &mut Tx, run: Uuid, state: RunState) -> Result<()> {
    set_state(tx, run, state).await?;
    sqlx::query!(
        "update run set finished_at = now(), lease_owner = null, lease_until = null, waiting_for = null where run_id = $1",
        run
    )
    .execute(&mut **tx)
    .await?;
    noted(tx, run, "run.end", json!({ "state": state })).await
}

/// What the worker did for a run, in the audit trail.
async fn noted(tx: &mut Tx, run: Uuid, action: &'static str, detail: Value) -> Result<()> {
    let record = Record { actor: &Actor::System("worker"), action, target: format!("run:{run}"), detail };
    audit::append(tx, record).await
}

/// Changes the state of the run, and says so once.
pub(super) async fn set_state(tx: &mut Transaction<'_, Postgres>, run: Uuid, state: RunState) -> Result<()> {
    let word = state.to_string();
    let changed = sqlx::query!("update run set state = $2 where run_id = $1 and state <> $2", run, word)
        .execute(&mut **tx)
        .await?;
    if changed.rows_affected() == 1 {
        event(tx, run, "state", json!({ "state": state })).await?;
    }
    Ok(())
}

/// A line for the log of the run.
pub(super) async fn log(tx: &mut Tx, run: Uuid, step: &str, line: &str) -> Result<()> {
    event(tx, run, "log", json!({ "step": step, "line": line })).await
}

async fn step_event(tx: &mut Tx, run: Uuid, step: &str, state: StepState, link: Option<&str>) -> Result<()> {
    event(tx, run, "step", json!({ "step": step, "state": state, "link": link })).await
}

/// The run's row is locked by whoever writes, so numbers have no gaps.
async fn event(tx: &mut Transaction<'_, Postgres>, run: Uuid, kind: &str, data: Value) -> Result<()> {
    sqlx::query!(
        "insert into run_event (run_id, seq, kind, data)
         select $1, coalesce(max(seq), 0) + 1, $2, $3 from run_event where run_id = $1",
        run,
        kind,
        data,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("select pg_notify('run_event', $1::text)", run.to_string()).execute(&mut **tx).await?;
    Ok(())
}

/// Lets go of a run that goes on later.
pub(super) async fn release(tx: &mut Tx, run: Uuid) -> Result<()> {
    sqlx::query!("update run set lease_owner = null, lease_until = null, not_before = now() where run_id = $1", run)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
