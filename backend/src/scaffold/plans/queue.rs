//! Which plan is answered next, and how the answer is kept.

use domain::{
    error::FieldError,
    scaffold::{Plan, PlanReview},
};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Db, Error, Result};

/// A plan that this worker answers now. The number of attempts is the fence: a later claim has a higher one.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub(super) plan: Uuid,
    pub(super) attempts: i32,
    pub(super) golden_path: String,
    pub(super) version: String,
    pub(super) parameters: Value,
    /// By the database's clock.
    pub(super) now: OffsetDateTime,
}

/// The one that has waited longest. A claim lasts a minute, which is longer than any answer may take.
pub(super) async fn claim(db: &Db) -> Result<Option<Claimed>> {
    let claimed = sqlx::query_as!(
        Claimed,
        r#"update plan set claimed_until = now() + interval '1 minute', attempts = attempts + 1
           where plan_id = (select plan_id from plan
                            where state = 'planning' and (claimed_until is null or claimed_until < now())
                            order by created_at limit 1 for update skip locked)
           returning plan_id as plan, attempts, golden_path, version, parameters, now() as "now!""#
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(claimed)
}

/// Keeps the plan, unless somebody else has claimed it since.
pub(super) async fn answer(db: &Db, claimed: &Claimed, plan: &Plan, review: &PlanReview) -> Result<()> {
    let unwritable = |e: serde_json::Error| Error::internal(format!("plan {}: {e}", claimed.plan));
    sqlx::query!(
        "with answered as (
             update plan set state = 'ready', content = $3, hash = $4, review = $5, planned_at = $6, claimed_until = null
             where plan_id = $1 and attempts = $2 and state = 'planning' returning plan_id)
         select pg_notify('plan_answered', plan_id::text) from answered",
        claimed.plan,
        claimed.attempts,
        serde_json::to_value(plan).map_err(unwritable)?,
        plan.hash().map_err(unwritable)?,
        serde_json::to_value(review).map_err(unwritable)?,
        plan.planned_at,
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(())
}

/// There is no plan, and this is why.
pub(super) async fn refuse(db: &Db, claimed: &Claimed, problem: &str, errors: &[FieldError]) -> Result<()> {
    let errors = serde_json::to_value(errors).map_err(|e| Error::internal(format!("plan {}: {e}", claimed.plan)))?;
    sqlx::query!(
        "with answered as (
             update plan set state = 'failed', problem = $3, errors = $4, planned_at = now(), claimed_until = null
             where plan_id = $1 and attempts = $2 and state = 'planning' returning plan_id)
         select pg_notify('plan_answered', plan_id::text) from answered",
        claimed.plan,
        claimed.attempts,
        problem,
        errors,
    )
    .fetch_optional(&db.pool)
    .await?;
    Ok(())
}

/// Another attempt is made in a moment.
pub(super) async fn release(db: &Db, claimed: &Claimed) -> Result<()> {
    sqlx::query!(
        "update plan set claimed_until = now() + interval '2 seconds' where plan_id = $1 and attempts = $2 and state = 'planning'",
        claimed.plan,
        claimed.attempts,
    )
    .execute(&db.pool)
    .await?;
    Ok(())
}
