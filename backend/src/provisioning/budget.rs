//! How many accelerators a team may be promised on a cluster. The platform's operators decide it.

use domain::{error::FieldError, provisioning::check_grants};
use serde_json::json;

use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
};

/// Sets the budget; a lower one ends nothing and lets nothing new in.
pub async fn set_budget(db: &Db, actor: &Actor, team: &str, cluster: &str, resource: &str, amount: u32) -> Result<()> {
    let faults = check_grants(&[(resource.to_owned(), amount.max(1))].into());
    if let Some(fault) = faults.first() {
        return Err(Error::Invalid(vec![FieldError::new("/resource", fault.to_string())]));
    }
    let mut tx = db.pool.begin().await?;
    let changed = sqlx::query!(
        "insert into team_budget (team, cluster, resource, amount) values ($1, $2, $3, $4)
         on conflict (team, cluster, resource) do update set amount = excluded.amount
         where team_budget.amount <> excluded.amount",
        team,
        cluster,
        resource,
        i32::try_from(amount).unwrap_or(i32::MAX),
    )
    .execute(&mut *tx)
    .await?;
    if changed.rows_affected() == 0 {
        return Ok(());
    }
    let record = Record {
        actor,
        action: "budget.set",
        target: format!("group:default/{team}"),
        detail: json!({ "cluster": cluster, "resource": resource, "amount": amount }),
    };
    audit::commit(tx, record).await
}
