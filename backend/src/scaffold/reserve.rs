//! Promises to accepted runs. The budget row is locked first, so that two runs cannot be promised the same card.

use domain::scaffold::Reservation;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{Error, Result};

/// Promises a run what its plan needs, or says which budget does not suffice.
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
        let left = left_of_budget(tx, team, reservation).await?;
        if i64::from(reservation.amount) > left {
            return Err(Error::Conflict {
                code: "budget_exceeded",
                detail: format!(
                    "{} × {} on {} was asked for and {left} of {team}'s budget is left. Ask the platform team for more, \
                     or free what is not used.",
                    reservation.amount, reservation.resource, reservation.cluster,
                ),
            });
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

/// Locks the budget; a team without one has none.
async fn left_of_budget(tx: &mut Transaction<'_, Postgres>, team: &str, reservation: &Reservation) -> Result<i64> {
    let budget = sqlx::query_scalar!(
        "select amount from team_budget where team = $1 and cluster = $2 and resource = $3 for update",
        team,
        reservation.cluster,
        reservation.resource,
    )
    .fetch_optional(&mut **tx)
    .await?
    .unwrap_or(0);
    let promised = sqlx::query_scalar!(
        r#"select coalesce(sum(amount), 0) as "promised!" from quota_reservation
           where team = $1 and cluster = $2 and resource = $3 and released_at is null"#,
        team,
        reservation.cluster,
        reservation.resource,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((i64::from(budget) - promised).max(0))
}
