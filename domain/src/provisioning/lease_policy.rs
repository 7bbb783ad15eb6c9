//! What is granted at once and what waits for the platform team.

use serde::{Deserialize, Serialize};

/// Cards, slices or shares of one resource for one namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseAsk {
    /// The name that nodes give it.
    pub resource: String,
    pub count: u32,
    pub days: u32,
}

/// What holds when it is asked. What is not known is `None` and is never taken for enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeaseFacts {
    /// What the namespace holds of it already.
    pub held: u32,
    /// What is left of the team's budget; none was set where there is none.
    pub budget_left: Option<i64>,
    /// What no lease and no promise has taken of the cluster's.
    pub free: Option<i64>,
}

/// One rule of the policy and what it says to one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeaseVerdict {
    pub rule: LeaseRule,
    pub verdict: LeaseOutcome,
    /// A sentence.
    pub why: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LeaseRule {
    Amount,
    Duration,
    Budget,
    Capacity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LeaseOutcome {
    Granted,
    NeedsApproval,
}

const MOST_AT_ONCE: u32 = 2;
const LONGEST_AT_ONCE: u32 = 30;

/// The shipped policy: up to two in a namespace for up to thirty days, inside the team's budget and what is free.
pub fn lease_policy(ask: &LeaseAsk, facts: &LeaseFacts) -> Vec<LeaseVerdict> {
    let resource = &ask.resource;
    let total = ask.count.saturating_add(facts.held);
    let enough = |left: Option<i64>| left.is_some_and(|left| i64::from(ask.count) <= left);
    let budget = match facts.budget_left {
        Some(amount) => left(amount, resource, "of the team's budget"),
        None => format!("The team has no budget of {resource}."),
    };
    let free = match facts.free {
        Some(amount) => left(amount, resource, "on the cluster"),
        None => format!("How much of {resource} is left on the cluster is not known."),
    };
    let says = |rule, holds: bool, why: String| LeaseVerdict {
        rule,
        verdict: if holds { LeaseOutcome::Granted } else { LeaseOutcome::NeedsApproval },
        why,
    };
    vec![
        says(
            LeaseRule::Amount,
            total <= MOST_AT_ONCE,
            format!("The namespace would hold {total} × {resource}; up to {MOST_AT_ONCE} are granted at once."),
        ),
        says(
            LeaseRule::Duration,
            ask.days <= LONGEST_AT_ONCE,
            format!("Asked for {} days; up to {LONGEST_AT_ONCE} are granted at once.", ask.days),
        ),
        says(LeaseRule::Budget, enough(facts.budget_left), budget),
        says(LeaseRule::Capacity, enough(facts.free), free),
    ]
}

/// Whether nobody has to be asked.
pub fn is_granted_at_once(verdicts: &[LeaseVerdict]) -> bool {
    verdicts.iter().all(|verdict| verdict.verdict == LeaseOutcome::Granted)
}

fn left(amount: i64, resource: &str, of: &str) -> String {
    format!("{} × {resource} is left {of}.", amount.max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let ask = |count, days| LeaseAsk { resource: "nvidia.com/gpu".into(), count, days };
        let facts = |held, budget_left, free| LeaseFacts { held, budget_left, free };
        for (count, days, held, budget, free, granted) in [
            (1, 30, 0, Some(8), Some(8), true),
            (2, 1, 0, Some(2), Some(2), true),
            (1, 30, 1, Some(1), Some(1), true),
            (3, 30, 0, Some(8), Some(8), false),
            (1, 30, 2, Some(8), Some(8), false),
            (1, 31, 0, Some(8), Some(8), false),
            (2, 30, 0, Some(1), Some(8), false),
            (2, 30, 0, Some(8), Some(1), false),
            (1, 30, 0, None, Some(8), false),
            (1, 30, 0, Some(8), None, false),
            (1, 30, 0, Some(-3), Some(8), false),
            (u32::MAX, 30, u32::MAX, Some(i64::MAX), Some(i64::MAX), false),
        ] {
            let verdicts = lease_policy(&ask(count, days), &facts(held, budget, free));
            assert_eq!(is_granted_at_once(&verdicts), granted, "{count} {days} {held} {budget:?} {free:?}");
            assert_eq!(verdicts.len(), 4);
        }
    }
}
