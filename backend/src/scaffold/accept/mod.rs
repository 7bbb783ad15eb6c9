//! Accepting a plan: everything in one transaction, and the answer only after its commit.

use domain::{
    access::{Role, Viewer},
    scaffold::{Plan, steps},
};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::reserve;
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog,
};

/// What somebody agrees to.
#[derive(Clone, Debug)]
pub struct Acceptance {
    pub plan: Uuid,
    /// The hash of the plan that they read.
    pub hash: String,
}

const STALE: &str = "plan_stale";

/// Starts the run of a plan and returns its id. The same plan gives the same run, however often it is accepted.
pub async fn accept(viewer: &Viewer, db: &Db, acceptance: &Acceptance) -> Result<Uuid> {
    let accepted = try_accept(viewer, db, acceptance).await;
    if let Err(Error::Conflict { code: STALE, detail }) = &accepted {
        mark_stale(db, acceptance, detail).await?;
    }
    accepted
}

async fn try_accept(viewer: &Viewer, db: &Db, acceptance: &Acceptance) -> Result<Uuid> {
    let mut tx = db.pool.begin().await?;
    let (plan, team) = lock_plan(&mut tx, viewer, acceptance).await?;
    if let Some(run) = run_of(&mut tx, acceptance.plan).await? {
        return Ok(run);
    }
    if catalog::is_taken(&mut tx, &plan.entity.reference).await? {
        let detail = format!("{} is in the catalog by now. Choose another name and plan again.", plan.entity.reference);
        return Err(stale(&detail));
    }
    refuse_taken_namespaces(&mut tx, &plan).await?;
    let run = insert_run(&mut tx, viewer, acceptance, &plan, &team).await?;
    reserve::reserve(&mut tx, run, &team, &plan.reservations).await?;
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "run.accept",
        target: format!("run:{run}"),
        detail: json!({
            "plan": acceptance.plan,
            "hash": acceptance.hash,
            "golden_path": plan.golden_path,
            "entity": plan.entity.reference,
        }),
    };
    audit::commit(tx, record).await?;
    Ok(run)
}

/// The plan, locked until the transaction ends, if it is the one that was read.
async fn lock_plan(
    tx: &mut Transaction<'_, Postgres>,
    viewer: &Viewer,
    acceptance: &Acceptance,
) -> Result<(Plan, String)> {
    let row = sqlx::query!(
        r#"select state, team, content, hash, created_at < now() - interval '1 day' as "is_old!" from plan
         where plan_id = $1 and (person_id = $2 or team = any($3) or $4) for update"#,
        acceptance.plan,
        viewer.person.0,
        &viewer.teams,
        viewer.has(Role::Platform),
    )
    .fetch_one(&mut **tx)
    .await?;
    if !viewer.is_member(&row.team) && !viewer.has(Role::Platform) {
        return Err(Error::Forbidden("Only members of the owning team can create this. Ask somebody of that team."));
    }
    let (Some(content), Some(hash)) = (row.content, row.hash) else {
        return Err(Error::Conflict {
            code: "plan_not_ready",
            detail: "This plan is not ready yet. Wait until it is shown, then create from it.".to_owned(),
        });
    };
    if row.state == "ready" && row.is_old {
        return Err(stale("The plan is more than a day old. Plan again, so that you see what would happen today."));
    }
    if hash != acceptance.hash {
        return Err(Error::Conflict {
            code: STALE,
            detail: "This is not the plan that you read. Look at it again before you create from it.".to_owned(),
        });
    }
    if row.state == "stale" {
        return Err(stale("The plan has changed since you read it. Look at it again before you create from it."));
    }
    let plan =
        serde_json::from_value(content).map_err(|e| Error::internal(format!("plan {}: {e}", acceptance.plan)))?;
    Ok((plan, row.team))
}

/// The world has moved since the plan was made; `detail` says what.
pub(super) fn stale(detail: &str) -> Error {
    Error::Conflict { code: STALE, detail: detail.to_owned() }
}

/// Kept with the plan, so that its page says the same. A hash that was never the plan's moves nothing.
async fn mark_stale(db: &Db, acceptance: &Acceptance, detail: &str) -> Result<()> {
    sqlx::query!(
        "update plan set state = 'stale', problem = $3 where plan_id = $1 and hash = $2 and state = 'ready'",
        acceptance.plan,
        acceptance.hash,
        detail,
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}

async fn refuse_taken_namespaces(tx: &mut Transaction<'_, Postgres>, plan: &Plan) -> Result<()> {
    let names: Vec<String> = plan.namespaces.iter().map(|namespace| namespace.name.clone()).collect();
    let taken = sqlx::query_scalar!(
        "select name from tenant_namespace where name = any($1) and not (team = $2 and service = $3) limit 1",
        &names,
        plan.team(),
        plan.service.as_str(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    match taken {
        None => Ok(()),
        Some(name) => Err(stale(&format!("The namespace {name} is another service's by now. Choose another name."))),
    }
}

async fn run_of(tx: &mut Transaction<'_, Postgres>, plan: Uuid) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar!("select run_id from run where plan_id = $1", plan).fetch_optional(&mut **tx).await?)
}

async fn insert_run(
    tx: &mut Transaction<'_, Postgres>,
    viewer: &Viewer,
    acceptance: &Acceptance,
    plan: &Plan,
    team: &str,
) -> Result<Uuid> {
    let run = sqlx::query_scalar!(
        "with applied as (update plan set state = 'applied' where plan_id = $1)
         insert into run (plan_id, plan_hash, person_id, team, state) values ($1, $2, $3, $4, 'queued') returning run_id",
        acceptance.plan,
        acceptance.hash,
        viewer.person.0,
        team,
    )
    .fetch_one(&mut **tx)
    .await?;
    let (names, kinds): (Vec<String>, Vec<String>) =
        steps(plan).into_iter().map(|step| (step.name, step.kind.as_str().to_owned())).unzip();
    sqlx::query!(
        "insert into run_step (run_id, position, name, kind)
         select $1, position, name, kind
         from unnest($2::text[], $3::text[]) with ordinality as step (name, kind, position)",
        run,
        &names,
        &kinds,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"insert into run_event (run_id, seq, kind, data) values ($1, 1, 'state', '{"state": "queued"}')"#,
        run
    )
    .execute(&mut **tx)
    .await?;
    // A hint for workers that listen; those that do not will find the run when they next look.
    sqlx::query!("select pg_notify('run', $1::text)", run.to_string()).execute(&mut **tx).await?;
    Ok(run)
}

#[cfg(test)]
mod tests;
