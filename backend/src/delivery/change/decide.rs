//! Agreeing to a change, and not agreeing.

use domain::{
    access::{PersonId, Viewer},
    delivery::{ApprovalRefused, ChangeState, approval_refused, needs_approval},
    error::FieldError,
};
use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    delivery::queue::Sources,
    keyed_queue::Keys,
};

const MAX_REASON: usize = 500;

/// A change that is held by the transaction.
struct Locked {
    source: Uuid,
    state: ChangeState,
    team: String,
    environment: String,
    requested_by: PersonId,
}

/// Whoever asked has read the difference. Production then waits for a lead, everything else is pushed.
pub async fn confirm(viewer: &Viewer, db: &Db, change: Uuid) -> Result<ChangeState> {
    let mut tx = db.pool.begin().await?;
    let locked = lock(&mut tx, viewer, change).await?;
    if locked.requested_by != viewer.person {
        return Err(Error::Forbidden("Only whoever asked for this change confirms it. Make one of your own."));
    }
    if locked.state != ChangeState::Ready {
        return Err(conflict("This change is not waiting for you. Look at where it stands now."));
    }
    let next = if needs_approval(&locked.environment) { ChangeState::AwaitingApproval } else { ChangeState::Queued };
    sqlx::query!(
        "update delivery_change set state = $2, confirmed_at = now() where change_id = $1",
        change,
        next.as_str(),
    )
    .execute(&mut *tx)
    .await?;
    Sources::wake(&mut tx, locked.source).await?;
    commit(tx, viewer, "delivery.confirm", change, json!({ "state": next })).await?;
    Ok(next)
}

/// For leads of the owning team, except whoever asked. No role stands in for them.
pub async fn approve(viewer: &Viewer, db: &Db, change: Uuid) -> Result<()> {
    let (mut tx, source) = to_decide(viewer, db, change).await?;
    sqlx::query!(
        "update delivery_change set state = 'queued', decided_by = $2, decided_at = now() where change_id = $1",
        change,
        viewer.person.0,
    )
    .execute(&mut *tx)
    .await?;
    Sources::wake(&mut tx, source).await?;
    commit(tx, viewer, "delivery.approve", change, json!({})).await
}

/// The same people; the reason is for whoever asked.
pub async fn deny(viewer: &Viewer, db: &Db, change: Uuid, reason: &str) -> Result<()> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON || reason.contains('\0') {
        let message = "Say in 1 to 500 characters why not, so that whoever asked knows what to change.";
        return Err(Error::Invalid(vec![FieldError::new("/reason", message)]));
    }
    let (mut tx, _) = to_decide(viewer, db, change).await?;
    sqlx::query!(
        "update delivery_change
         set state = 'denied', decided_by = $2, decided_at = now(), reason = $3, finished_at = now()
         where change_id = $1",
        change,
        viewer.person.0,
        reason,
    )
    .execute(&mut *tx)
    .await?;
    commit(tx, viewer, "delivery.deny", change, json!({ "reason": reason })).await
}

/// Takes back what was not pushed yet.
pub async fn withdraw(viewer: &Viewer, db: &Db, change: Uuid) -> Result<()> {
    let mut tx = db.pool.begin().await?;
    let locked = lock(&mut tx, viewer, change).await?;
    if locked.requested_by != viewer.person {
        return Err(Error::Forbidden("Only whoever asked for this change takes it back."));
    }
    if !locked.state.can_withdraw() {
        return Err(conflict("This change cannot be taken back any more. Roll back instead."));
    }
    sqlx::query!("update delivery_change set state = 'withdrawn', finished_at = now() where change_id = $1", change)
        .execute(&mut *tx)
        .await?;
    commit(tx, viewer, "delivery.withdraw", change, json!({})).await
}

async fn to_decide<'a>(viewer: &Viewer, db: &Db, change: Uuid) -> Result<(Transaction<'a, Postgres>, Uuid)> {
    let mut tx = db.pool.begin().await?;
    let locked = lock(&mut tx, viewer, change).await?;
    match approval_refused(viewer, &locked.team, locked.requested_by) {
        Some(ApprovalRefused::Own) => {
            return Err(Error::Forbidden("Nobody approves their own change. Ask another lead of the team."));
        }
        Some(ApprovalRefused::NotALead) => {
            return Err(Error::Forbidden(
                "Only leads of the team that owns the service decide about production. Ask one of them.",
            ));
        }
        None => {}
    }
    if locked.state != ChangeState::AwaitingApproval {
        return Err(conflict("This change does not wait for a decision. Look at where it stands now."));
    }
    Ok((tx, locked.source))
}

/// A change that the viewer may see, locked.
async fn lock(tx: &mut Transaction<'_, Postgres>, viewer: &Viewer, change: Uuid) -> Result<Locked> {
    let row = sqlx::query!(
        "select c.state, c.person_id, d.source_id, n.team, n.environment
         from delivery_change c join delivery d using (delivery_id) join tenant_namespace n using (namespace_id)
         where c.change_id = $1 and ($2 or n.team = any($3)) for update of c",
        change,
        viewer.sees_all_teams(),
        &viewer.teams,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Locked {
        source: row.source_id,
        state: row.state.parse().map_err(|e| Error::internal(format!("delivery_change {change}: {e}")))?,
        team: row.team,
        environment: row.environment,
        requested_by: PersonId(row.person_id),
    })
}

async fn commit(
    tx: Transaction<'_, Postgres>,
    viewer: &Viewer,
    action: &'static str,
    change: Uuid,
    detail: Value,
) -> Result<()> {
    let target = format!("delivery_change:{change}");
    audit::commit(tx, Record { actor: &Actor::Person(viewer.person), action, target, detail }).await
}

fn conflict(detail: &str) -> Error {
    Error::Conflict { code: "change_state", detail: detail.to_owned() }
}
