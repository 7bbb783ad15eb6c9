//! From what one pass saw and did to the conditions that people read.

mod blocked;

use std::collections::BTreeSet;

use super::{ConditionStatus, ConditionType, Desired, Drift, DriftClass, Enforcement, ObjectKey, ObjectKind, Verdict};

pub use blocked::{Blocked, blocked, unreachable};

/// Why an object does not stand as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub key: ObjectKey,
    /// One word for machines, such as `Forbidden`.
    pub reason: String,
    /// A sentence for people.
    pub message: String,
}

/// All that a pass over a namespace of ours learned.
#[derive(Clone, Debug)]
pub struct Observation<'a> {
    pub desired: &'a [Desired],
    /// Objects that do not stand as they should at the end of the pass.
    pub pending: &'a BTreeSet<ObjectKey>,
    pub failures: &'a [Failure],
    /// Of each quota that stands.
    pub enforcement: &'a [(String, Enforcement)],
    /// What somebody else changed and is not put right yet, and what they put beside ours.
    pub drift: &'a [Drift],
    /// `object: key` of everything used beyond its limit.
    pub over_quota: &'a [String],
}

use ConditionStatus::{False, True};
use ConditionType as T;

/// The conditions of a namespace of ours.
pub fn assess(seen: &Observation<'_>) -> Vec<Verdict> {
    let mut verdicts = vec![
        objects_stand(seen, T::NamespaceActive, &[ObjectKind::Namespace], "Active", "The namespace stands."),
        objects_stand(
            seen,
            T::QuotaApplied,
            &[ObjectKind::ResourceQuota, ObjectKind::LimitRange],
            "Applied",
            "Quotas and defaults say what they should.",
        ),
        quota_enforced(seen),
        objects_stand(
            seen,
            T::NetworkIsolated,
            &[ObjectKind::NetworkPolicy],
            "PoliciesApplied",
            "The network policies stand. Whether the cluster's network honours them was not verified.",
        ),
        objects_stand(
            seen,
            T::AccessConfigured,
            &[ObjectKind::ServiceAccount, ObjectKind::RoleBinding],
            "Bound",
            "Accounts and role bindings stand.",
        ),
    ];
    verdicts.push(ready(&verdicts));
    verdicts.push(drifted(seen.drift));
    verdicts.push(over_quota(seen.over_quota));
    verdicts.push(reachable());
    verdicts.push(Verdict::new(T::AdoptionPending, False, "Ours", "The namespace was made by the platform."));
    verdicts.push(Verdict::new(T::Stalled, False, "Working", "Nothing stands in the way."));
    verdicts
}

fn reachable() -> Verdict {
    Verdict::new(T::ClusterReachable, True, "Answers", "The cluster answers.")
}

/// The first failure of these kinds, else what is still to come, else that all stand.
fn objects_stand(
    seen: &Observation<'_>,
    kind: ConditionType,
    kinds: &[ObjectKind],
    reason: &str,
    message: &str,
) -> Verdict {
    let of_kind = |key: &ObjectKey| kinds.contains(&key.kind);
    if let Some(failure) = seen.failures.iter().find(|f| of_kind(&f.key)) {
        return Verdict::new(kind, False, &failure.reason, format!("{}: {}", failure.key, failure.message));
    }
    let names: Vec<String> = seen
        .desired
        .iter()
        .map(|d| &d.key)
        .filter(|key| of_kind(key) && seen.pending.contains(key))
        .map(ToString::to_string)
        .collect();
    if names.is_empty() {
        return Verdict::new(kind, True, reason, message);
    }
    let waits = kind == T::AccessConfigured && !is_enforced(seen);
    let (reason, why) = if waits {
        ("WaitingForQuota", "Access is given when the quotas are enforced")
    } else {
        ("Pending", "Not written yet")
    };
    Verdict::new(kind, False, reason, format!("{why}: {}.", names.join(", ")))
}

fn is_enforced(seen: &Observation<'_>) -> bool {
    let quotas = seen.desired.iter().filter(|d| d.key.kind == ObjectKind::ResourceQuota);
    quotas
        .into_iter()
        .all(|d| seen.enforcement.iter().any(|(name, e)| *name == d.key.name && *e == Enforcement::Enforced))
}

fn quota_enforced(seen: &Observation<'_>) -> Verdict {
    let unenforced: Vec<String> = seen
        .enforcement
        .iter()
        .filter_map(|(name, e)| match e {
            Enforcement::Unenforced(keys) => Some(format!("{name}: {}", keys.join(", "))),
            Enforcement::Enforced | Enforcement::Waiting => None,
        })
        .collect();
    if !unenforced.is_empty() {
        let message = format!("The cluster takes these quota keys and never counts them: {}.", unenforced.join("; "));
        return Verdict::new(T::QuotaEnforced, False, "UnenforcedKeys", message);
    }
    if is_enforced(seen) {
        return Verdict::new(
            T::QuotaEnforced,
            True,
            "Enforced",
            "The cluster counts against every key of every quota.",
        );
    }
    Verdict::new(T::QuotaEnforced, False, "WaitingForStatus", "The cluster has not taken over the quotas yet.")
}

fn ready(parts: &[Verdict]) -> Verdict {
    match parts.iter().find(|v| v.status != True) {
        None => Verdict::new(T::Ready, True, "Ready", "Everything stands and the quotas are enforced."),
        Some(part) => Verdict::new(T::Ready, part.status, &part.reason, part.message.clone()),
    }
}

fn drifted(drift: &[Drift]) -> Verdict {
    let describe = |d: &&Drift| if d.field.is_empty() { d.object.clone() } else { format!("{} {}", d.object, d.field) };
    let (foreign, open): (Vec<&Drift>, Vec<&Drift>) = drift.iter().partition(|d| d.class == DriftClass::ForeignObject);
    if !open.is_empty() {
        let names: Vec<String> = open.iter().map(describe).collect();
        return Verdict::new(T::Drifted, True, "ChangedByOthers", format!("Not put right yet: {}.", names.join(", ")));
    }
    if !foreign.is_empty() {
        let names: Vec<String> = foreign.iter().map(describe).collect();
        let message = format!("Objects of others stand beside ours and were left alone: {}.", names.join(", "));
        return Verdict::new(T::Drifted, True, "ForeignObjects", message);
    }
    Verdict::new(T::Drifted, False, "AsDeclared", "Everything is as it was declared.")
}

fn over_quota(over: &[String]) -> Verdict {
    if over.is_empty() {
        return Verdict::new(T::OverQuota, False, "Within", "Nothing is used beyond its limit.");
    }
    let message = format!("More is used than allowed; what runs goes on, nothing new starts: {}.", over.join(", "));
    Verdict::new(T::OverQuota, True, "UsedAboveLimit", message)
}

#[cfg(test)]
mod tests;
