//! Asking for accelerators.

use std::collections::BTreeMap;

use domain::{
    access::{Role, Viewer},
    provisioning::{LeaseAsk, LeaseVerdict, check_lease, is_granted_at_once, lease_policy},
};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{amounts, grant};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
};

/// What somebody asks for one namespace, added to what it holds.
#[derive(Clone, Debug)]
pub struct LeaseRequest {
    pub cluster: String,
    pub namespace: String,
    /// By the name that nodes give the resource.
    pub resources: BTreeMap<String, u32>,
    pub until: OffsetDateTime,
    pub reason: String,
}

/// The same inside a larger change, which checks the right to it and records it.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) namespace: Uuid,
    pub(crate) run: Option<Uuid>,
    pub(crate) person: Uuid,
    pub(crate) resources: &'a BTreeMap<String, u32>,
    pub(crate) until: OffsetDateTime,
    pub(crate) reason: &'a str,
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AskState {
    Granted,
    /// The sentences of the rules that did not grant it.
    Pending(Vec<String>),
    /// With the reason that was given.
    Refused(String),
}

/// For members of the team and the platform team. What the policy allows is granted at once, the rest waits.
pub async fn request(viewer: &Viewer, db: &Db, wanted: &LeaseRequest) -> Result<Uuid> {
    let mut tx = db.pool.begin().await?;
    let row = sqlx::query!(
        r#"select n.namespace_id, n.team, now() as "now!" from tenant_namespace n join cluster c using (cluster_id)
           where c.name = $1 and n.name = $2 and (n.team = any($3) or $4)"#,
        wanted.cluster,
        wanted.namespace,
        &viewer.teams,
        viewer.has(Role::Platform),
    )
    .fetch_one(&mut *tx)
    .await?;
    let errors = check_lease(&wanted.resources, wanted.until, &wanted.reason, row.now);
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let wanted = Ask {
        namespace: row.namespace_id,
        run: None,
        person: viewer.person.0,
        resources: &wanted.resources,
        until: wanted.until,
        reason: wanted.reason.trim(),
    };
    let (id, _) = ask(&mut tx, &wanted).await?;
    let record = Record {
        actor: &Actor::Person(viewer.person),
        action: "quota_request.create",
        target: format!("quota_request:{id}"),
        detail: json!({ "namespace": row.namespace_id, "team": row.team, "resources": wanted.resources }),
    };
    audit::commit(tx, record).await?;
    Ok(id)
}

/// Asks once for each run and namespace; after that it tells how the request stands, and grants what the policy allows
/// by now.
pub(crate) async fn ask(tx: &mut Transaction<'_, Postgres>, wanted: &Ask<'_>) -> Result<(Uuid, AskState)> {
    if let Some(known) = of_run(tx, wanted).await? {
        return Ok(known);
    }
    let verdicts = verdicts(tx, wanted).await?;
    let granted = is_granted_at_once(&verdicts);
    let resources = serde_json::to_value(wanted.resources).map_err(unwritable)?;
    let policy = serde_json::to_value(&verdicts).map_err(unwritable)?;
    let id = sqlx::query_scalar!(
        "insert into quota_request (namespace_id, run_id, person_id, team, resources, until, reason, state, policy, decided_at)
         select $1, $2, $3, team, $4, $5, $6, $7, $8, case when $7 = 'granted' then now() end
         from tenant_namespace where namespace_id = $1 returning request_id",
        wanted.namespace,
        wanted.run,
        wanted.person,
        resources,
        wanted.until,
        wanted.reason,
        if granted { "granted" } else { "pending" },
        policy,
    )
    .fetch_one(&mut **tx)
    .await?;
    if granted {
        grant::begin(tx, id, wanted.namespace, wanted.resources).await?;
        return Ok((id, AskState::Granted));
    }
    Ok((id, AskState::Pending(objections(&verdicts))))
}

async fn of_run(tx: &mut Transaction<'_, Postgres>, wanted: &Ask<'_>) -> Result<Option<(Uuid, AskState)>> {
    let Some(run) = wanted.run else { return Ok(None) };
    let row = sqlx::query!(
        "select request_id, state, decision from quota_request where run_id = $1 and namespace_id = $2 for update",
        run,
        wanted.namespace,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let state = match row.state.as_str() {
        "granted" | "expired" => AskState::Granted,
        "pending" => weigh_again(tx, row.request_id, wanted).await?,
        _ => AskState::Refused(row.decision.unwrap_or_default()),
    };
    Ok(Some((row.request_id, state)))
}

/// Cards come free, budgets are raised, and a cluster that was just connected is counted a moment later.
async fn weigh_again(tx: &mut Transaction<'_, Postgres>, request: Uuid, wanted: &Ask<'_>) -> Result<AskState> {
    let verdicts = verdicts(tx, wanted).await?;
    if !is_granted_at_once(&verdicts) {
        return Ok(AskState::Pending(objections(&verdicts)));
    }
    let policy = serde_json::to_value(&verdicts).map_err(unwritable)?;
    sqlx::query!(
        "update quota_request set state = 'granted', policy = $2, decided_at = now() where request_id = $1",
        request,
        policy,
    )
    .execute(&mut **tx)
    .await?;
    grant::begin(tx, request, wanted.namespace, wanted.resources).await?;
    Ok(AskState::Granted)
}

/// What the policy says to each resource, in the order of their names, which is the order of the locks.
async fn verdicts(tx: &mut Transaction<'_, Postgres>, wanted: &Ask<'_>) -> Result<Vec<LeaseVerdict>> {
    let home = sqlx::query!(
        r#"select n.team, n.name, c.name as cluster, now() as "now!" from tenant_namespace n join cluster c using (cluster_id)
           where namespace_id = $1"#,
        wanted.namespace
    )
    .fetch_one(&mut **tx)
    .await?;
    let days = (wanted.until - home.now).whole_hours().div_euclid(24);
    let mut verdicts = Vec::new();
    for (resource, count) in wanted.resources {
        let facts = amounts(tx, &home.team, &home.cluster, &home.name, resource, wanted.run).await?.facts();
        let days = u32::try_from(days).unwrap_or(u32::MAX);
        verdicts.extend(lease_policy(&LeaseAsk { resource: resource.clone(), count: *count, days }, &facts));
    }
    Ok(verdicts)
}

fn objections(verdicts: &[LeaseVerdict]) -> Vec<String> {
    let open = verdicts.iter().filter(|verdict| !is_granted_at_once(std::slice::from_ref(verdict)));
    open.map(|verdict| verdict.why.clone()).collect()
}

pub(super) fn stored(policy: Value) -> Result<Vec<LeaseVerdict>> {
    serde_json::from_value(policy).map_err(|e| Error::internal(format!("quota_request: policy: {e}")))
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::internal(format!("quota_request: {error}"))
}
