//! Who has to agree, and what can be promised at once.

use std::collections::BTreeMap;

use domain::{
    provisioning::{LeaseAsk, LeaseOutcome, is_granted_at_once, lease_policy},
    scaffold::{Gate, GateKind, Plan, PlannedLease, QuotaChange, QuotaScope, Reservation},
};

use crate::{
    Db, Result,
    provisioning::leases::{self, Amounts},
};

#[derive(Debug, Default)]
pub(super) struct Gates {
    pub(super) gates: Vec<Gate>,
    pub(super) reservations: Vec<Reservation>,
    pub(super) quota: Vec<QuotaChange>,
}

/// Cluster and resource.
type Kind = (String, String);

const DECIDES: &str = "group:default/platform";

/// Weighs the leases one after the other, each against what those before it leave.
pub(super) async fn weigh(db: &Db, plan: &Plan) -> Result<Gates> {
    let mut found = Gates::default();
    let mut asked: BTreeMap<Kind, Asked> = BTreeMap::new();
    let mut tx = db.pool.begin().await?;
    for lease in &plan.leases {
        let amounts =
            leases::amounts(&mut tx, plan.team(), &lease.cluster, &lease.namespace, &lease.resource, None).await?;
        let before = asked.entry((lease.cluster.clone(), lease.resource.clone())).or_insert(Asked::of(amounts));
        match before.objections(lease, &amounts) {
            None => before.granted += u32::from(lease.count),
            Some(why) => found.gates.push(Gate { kind: GateKind::Approval, who: DECIDES.to_owned(), why }),
        }
        before.count += u32::from(lease.count);
    }
    tx.rollback().await?;
    for ((cluster, resource), asked) in asked {
        found.quota.extend(asked.lines(plan.team(), &cluster, &resource));
        if let Some(amount) = u16::try_from(asked.granted).ok().filter(|amount| *amount > 0) {
            found.reservations.push(Reservation { cluster, resource, amount });
        }
    }
    Ok(found)
}

struct Asked {
    amounts: Amounts,
    /// All that the plan asks for.
    count: u32,
    /// What of it the policy grants at once.
    granted: u32,
}

impl Asked {
    fn of(amounts: Amounts) -> Self {
        Self { amounts, count: 0, granted: 0 }
    }

    /// `None` when nobody has to be asked.
    fn objections(&self, lease: &PlannedLease, amounts: &Amounts) -> Option<String> {
        let mut facts = amounts.facts();
        facts.budget_left = facts.budget_left.map(|left| left - i64::from(self.count));
        facts.free = facts.free.map(|free| free - i64::from(self.count));
        let ask =
            LeaseAsk { resource: lease.resource.clone(), count: u32::from(lease.count), days: u32::from(lease.days) };
        let verdicts = lease_policy(&ask, &facts);
        if is_granted_at_once(&verdicts) {
            return None;
        }
        let open = verdicts.into_iter().filter(|verdict| verdict.verdict == LeaseOutcome::NeedsApproval);
        let why: Vec<String> = open.map(|verdict| verdict.why).collect();
        Some(format!("{} for {} days in {}. {}", counted(lease), lease.days, lease.namespace, why.join(" ")))
    }

    fn lines(&self, team: &str, cluster: &str, resource: &str) -> [QuotaChange; 2] {
        let line = |scope, of: &str, taken: i64, limit: Option<i64>| QuotaChange {
            scope,
            of: of.to_owned(),
            resource: resource.to_owned(),
            before: Some(taken.to_string()),
            after: Some((taken + i64::from(self.count)).to_string()),
            limit: limit.map(|limit| limit.to_string()),
        };
        [
            line(QuotaScope::Team, team, self.amounts.taken_by_team, self.amounts.budget),
            line(QuotaScope::Organisation, cluster, self.amounts.taken, self.amounts.allocatable),
        ]
    }
}

fn counted(lease: &PlannedLease) -> String {
    format!("{} × {}", lease.count, lease.resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(count: u16, days: u16) -> PlannedLease {
        PlannedLease {
            cluster: "local".into(),
            namespace: "payments-model-dev".into(),
            environment: "dev".into(),
            resource: "nvidia.com/gpu".into(),
            count,
            days,
            reason: String::new(),
        }
    }

    fn amounts(budget: i64, allocatable: i64) -> Amounts {
        Amounts { budget: Some(budget), taken_by_team: 0, allocatable: Some(allocatable), taken: 0, held: 0 }
    }

    #[test]
    fn leases_of_one_plan_are_weighed_against_each_other() {
        let plenty = amounts(8, 16);
        let mut asked = Asked::of(plenty);
        assert_eq!(asked.objections(&lease(1, 30), &plenty), None);
        asked.count = 8;
        assert!(asked.objections(&lease(1, 30), &plenty).unwrap().contains("0 × nvidia.com/gpu is left of the team"));
        asked.count = 7;
        assert_eq!(asked.objections(&lease(1, 30), &plenty), None);
    }

    #[test]
    fn what_needs_somebody_says_why() {
        let plenty = amounts(8, 16);
        let why = Asked::of(plenty).objections(&lease(4, 60), &plenty).unwrap();
        assert!(why.starts_with("4 × nvidia.com/gpu for 60 days in payments-model-dev."), "{why}");
        assert!(why.contains("up to 2") && why.contains("up to 30") && !why.contains("budget"), "{why}");
    }
}
