//! Promises to accepted runs. The budget row is locked first, so that two runs cannot be promised the same card.

use domain::scaffold::Reservation;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use super::accept::stale;
use crate::{Result, provisioning::leases};

/// Promises a run what its plan needs without asking anybody. When that is no longer there, the plan is stale.
pub(super) async fn reserve(
    tx: &mut Transaction<'_, Postgres>,
    run: Uuid,
    team: &str,
    reservations: &[Reservation],
) -> Result<()> {
    // One order for all transactions, so that none waits for another in a circle.
    let mut sorted: Vec<&Reservation> = reservations.iter().collect();
    sorted.sort_by(|a, b| (&a.cluster, &a.resource).cmp(&(&b.cluster, &b.resource)));
    for reservation in sorted {
        let left = left(tx, run, team, reservation).await?;
        if i64::from(reservation.amount) > left {
            return Err(stale(&format!(
                "The plan counts on {} × {} on {}, and {left} is left for {team} by now. Plan again: it then shows who \
                 has to approve.",
                reservation.amount, reservation.resource, reservation.cluster,
            )));
        }
        sqlx::query!(
            "insert into quota_reservation (run_id, team, cluster, resource, amount) values ($1, $2, $3, $4, $5)",
            run,
            team,
            reservation.cluster,
            reservation.resource,
            i32::from(reservation.amount),
        )
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

/// Of the budget, and of the cluster where that is known; a team without a budget has none.
async fn left(tx: &mut Transaction<'_, Postgres>, run: Uuid, team: &str, wanted: &Reservation) -> Result<i64> {
    let facts = leases::amounts(tx, team, &wanted.cluster, "", &wanted.resource, Some(run)).await?.facts();
    Ok(facts.budget_left.unwrap_or(0).min(facts.free.unwrap_or(i64::MAX)).max(0))
}
