//! What the policy weighs.

use domain::provisioning::LeaseFacts;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// What there is of one resource and what is taken of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amounts {
    /// Null where nobody has set one.
    pub(crate) budget: Option<i64>,
    /// Leased or promised to the team.
    pub(crate) taken_by_team: i64,
    /// What the cluster's nodes offer; null where they were not seen yet.
    pub(crate) allocatable: Option<i64>,
    /// Leased or promised to anybody.
    pub(crate) taken: i64,
    /// Leased to the namespace.
    pub(crate) held: i64,
}

impl Amounts {
    pub(crate) fn facts(&self) -> LeaseFacts {
        LeaseFacts {
            held: u32::try_from(self.held).unwrap_or(u32::MAX),
            budget_left: self.budget.map(|budget| budget - self.taken_by_team),
            free: self.allocatable.map(|all| all - self.taken),
        }
    }
}

/// As of now; `ignoring` is a run whose own promises are not held against it. Locks the budget and the cluster's amount
/// of this resource, so that nobody is promised the same card before the transaction ends.
pub(crate) async fn amounts(
    tx: &mut PgConnection,
    team: &str,
    cluster: &str,
    namespace: &str,
    resource: &str,
    ignoring: Option<Uuid>,
) -> Result<Amounts> {
    let budget = sqlx::query_scalar!(
        "select amount from team_budget where team = $1 and cluster = $2 and resource = $3 for update",
        team,
        cluster,
        resource,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let allocatable = sqlx::query_scalar!(
        "select a.allocatable from cluster_accelerator a join cluster c using (cluster_id)
         where c.name = $1 and a.resource = $2 for update of a",
        cluster,
        resource,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let taken = sqlx::query!(
        r#"select
             coalesce((select sum(l.count) from lease l join tenant_namespace n using (namespace_id)
                       join cluster c using (cluster_id)
                       where c.name = $2 and l.resource = $3 and l.ended_at is null), 0) as "leased!",
             coalesce((select sum(l.count) from lease l join tenant_namespace n using (namespace_id)
                       join cluster c using (cluster_id)
                       where n.team = $1 and c.name = $2 and l.resource = $3 and l.ended_at is null), 0) as "leased_by_team!",
             coalesce((select sum(l.count) from lease l join tenant_namespace n using (namespace_id)
                       join cluster c using (cluster_id)
                       where n.name = $4 and c.name = $2 and l.resource = $3 and l.ended_at is null), 0) as "held!",
             coalesce((select sum(amount) from quota_reservation
                       where cluster = $2 and resource = $3 and released_at is null
                         and run_id is distinct from $5), 0) as "promised!",
             coalesce((select sum(amount) from quota_reservation
                       where team = $1 and cluster = $2 and resource = $3 and released_at is null
                         and run_id is distinct from $5), 0) as "promised_to_team!""#,
        team,
        cluster,
        resource,
        namespace,
        ignoring,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(Amounts {
        budget: budget.map(i64::from),
        taken_by_team: taken.leased_by_team + taken.promised_to_team,
        allocatable,
        taken: taken.leased + taken.promised,
        held: taken.held,
    })
}
