//! What a namespace could be given, before anybody asks.

use domain::{access::Viewer, catalog::EntityRef, provisioning::LeaseFacts};

use super::amounts::Amounts;
use crate::{Db, Error, Result};

/// What there is for one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offers {
    pub team: String,
    pub service: EntityRef,
    pub environment: String,
    /// Empty until the cluster's nodes were seen.
    pub resources: Vec<Offer>,
}

/// One resource that the cluster's nodes offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// By the name that nodes give it.
    pub resource: String,
    pub allocatable: i64,
    /// What the policy would weigh now.
    pub facts: LeaseFacts,
}

/// For the team and the platform team. Nothing is held for whoever looks.
pub async fn offers(viewer: &Viewer, db: &Db, cluster: &str, namespace: &str) -> Result<Offers> {
    let rows = sqlx::query!(
        r#"select n.team, n.service, n.environment, a.resource as "resource?", a.allocatable as "allocatable?",
                  (select amount from team_budget where team = n.team and cluster = c.name and resource = a.resource)
                    as budget,
                  coalesce((select sum(l.count) from lease l join tenant_namespace o using (namespace_id)
                            where o.cluster_id = c.cluster_id and l.resource = a.resource and l.ended_at is null), 0)
                  + coalesce((select sum(amount) from quota_reservation
                              where cluster = c.name and resource = a.resource and released_at is null), 0)
                    as "taken!",
                  coalesce((select sum(l.count) from lease l join tenant_namespace o using (namespace_id)
                            where o.team = n.team and o.cluster_id = c.cluster_id and l.resource = a.resource
                              and l.ended_at is null), 0)
                  + coalesce((select sum(amount) from quota_reservation
                              where team = n.team and cluster = c.name and resource = a.resource
                                and released_at is null), 0)
                    as "taken_by_team!",
                  coalesce((select sum(count) from lease
                            where namespace_id = n.namespace_id and resource = a.resource and ended_at is null), 0)
                    as "held!"
           from tenant_namespace n join cluster c using (cluster_id) left join cluster_accelerator a using (cluster_id)
           where c.name = $1 and n.name = $2 and (n.team = any($3) or $4)
           order by a.resource"#,
        cluster,
        namespace,
        &viewer.teams,
        viewer.sees_all_teams(),
    )
    .fetch_all(&db.pool)
    .await?;
    let first = rows.first().ok_or(Error::NotFound)?;
    let service = EntityRef::new("component", "default", &first.service)
        .map_err(|e| Error::internal(format!("{namespace}: service: {e}")))?;
    let (team, environment) = (first.team.clone(), first.environment.clone());
    let resources = rows
        .into_iter()
        .filter_map(|row| {
            let (resource, allocatable) = row.resource.zip(row.allocatable)?;
            let amounts = Amounts {
                budget: row.budget.map(i64::from),
                taken_by_team: row.taken_by_team,
                allocatable: Some(allocatable),
                taken: row.taken,
                held: row.held,
            };
            Some(Offer { resource, allocatable, facts: amounts.facts() })
        })
        .collect();
    Ok(Offers { team, service, environment, resources })
}
