//! What people decide about requests.

use std::collections::BTreeMap;

use domain::{
    access::{Role, Viewer},
    error::FieldError,
};
use serde_json::json;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::grant;
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Approve,
    /// With a reason, which whoever asked reads.
    Deny(String),
}

/// For the platform team, and never for one's own request.
pub async fn decide(viewer: &Viewer, db: &Db, request: Uuid, decision: &Decision) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let open = lock(&mut tx, viewer, request).await?;
    if !viewer.has(Role::Platform) {
        return Err(Error::Forbidden("Only the platform team decides about requests for accelerators."));
    }
    if open.person == viewer.person.0 {
        return Err(Error::Forbidden("Nobody decides about a request of their own. Ask a colleague."));
    }
    open.still_pending()?;
    let (state, reason) = match decision {
        Decision::Approve => ("granted", None),
        Decision::Deny(reason) if reason.trim().is_empty() => {
            return Err(Error::Invalid(vec![FieldError::new(
                "/reason",
                "Say why, so that whoever asked can do better.",
            )]));
        }
        Decision::Deny(reason) => ("denied", Some(reason.trim())),
    };
    sqlx::query!(
        "update quota_request set state = $2, decided_by = $3, decision = $4, decided_at = now() where request_id = $1",
        request,
        state,
        viewer.person.0,
        reason,
    )
    .execute(&mut *tx)
    .await?;
    if state == "granted" {
        grant::begin(&mut tx, request, open.namespace, &open.resources).await?;
    }
    wake_run(&mut tx, open.run).await?;
    let action = if state == "granted" { "quota_request.approve" } else { "quota_request.deny" };
    commit(tx, viewer, request, action).await
}

/// For whoever asked and the rest of the team. What was granted is given back.
pub async fn withdraw(viewer: &Viewer, db: &Db, request: Uuid) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let open = lock(&mut tx, viewer, request).await?;
    if !viewer.is_member(&open.team) {
        return Err(Error::Forbidden("Only the team that asked withdraws its request."));
    }
    if open.state != "pending" && open.state != "granted" {
        return Err(decided(&open.state));
    }
    sqlx::query!(
        "update quota_request set state = 'withdrawn', decision = 'It was withdrawn by the team.' where request_id = $1",
        request
    )
    .execute(&mut *tx)
    .await?;
    if open.state == "granted" {
        grant::end(&mut tx, request, open.namespace).await?;
    }
    wake_run(&mut tx, open.run).await?;
    commit(tx, viewer, request, "quota_request.withdraw").await
}

struct Open {
    namespace: Uuid,
    run: Option<Uuid>,
    person: Uuid,
    team: String,
    state: String,
    /// Nobody needs it any more.
    is_over: bool,
    resources: BTreeMap<String, u32>,
}

impl Open {
    fn still_pending(&self) -> Result<()> {
        match self.state.as_str() {
            "pending" if self.is_over => Err(decided("over")),
            "pending" => Ok(()),
            other => Err(decided(other)),
        }
    }
}

/// The request, locked until the transaction ends, if this viewer may see it.
async fn lock(tx: &mut Transaction<'_, Postgres>, viewer: &Viewer, request: Uuid) -> Result<Open> {
    let row = sqlx::query!(
        r#"select namespace_id, run_id, person_id, team, state, resources, until <= now() as "is_over!" from quota_request
         where request_id = $1 and (team = any($2) or $3) for update"#,
        request,
        &viewer.teams,
        viewer.sees_all_teams(),
    )
    .fetch_one(&mut **tx)
    .await?;
    let resources = serde_json::from_value(row.resources)
        .map_err(|e| Error::internal(format!("quota_request {request}: resources: {e}")))?;
    Ok(Open {
        namespace: row.namespace_id,
        run: row.run_id,
        person: row.person_id,
        team: row.team,
        state: row.state,
        is_over: row.is_over,
        resources,
    })
}

fn decided(state: &str) -> Error {
    Error::Conflict { code: "already_decided", detail: format!("This request is {state} already. Look at it again.") }
}

/// The run that waits for the decision is looked at now.
async fn wake_run(tx: &mut Transaction<'_, Postgres>, run: Option<Uuid>) -> Result<()> {
    let Some(run) = run else { return Ok(()) };
    sqlx::query!("update run set not_before = now() where run_id = $1 and state = 'waiting'", run)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("select pg_notify('run', $1::text)", run.to_string()).execute(&mut **tx).await?;
    Ok(())
}

async fn commit(tx: Transaction<'_, Postgres>, viewer: &Viewer, request: Uuid, action: &'static str) -> Result<()> {
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action,
        target: format!("quota_request:{request}"),
        detail: json!({}),
    };
    audit::commit(tx, record).await
}
