//! What holds of a namespace, in the style of Kubernetes conditions.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

/// The order is the order in which people read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConditionType {
    /// All that follows, in one.
    Ready,
    NamespaceActive,
    /// The quotas say what they should.
    QuotaApplied,
    /// The cluster counts against them.
    QuotaEnforced,
    NetworkIsolated,
    AccessConfigured,
    /// True is bad, as in all that follow but `ClusterReachable`.
    Drifted,
    OverQuota,
    ClusterReachable,
    AdoptionPending,
    Stalled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ConditionStatus {
    True,
    False,
    Unknown,
}

/// What was found in one pass, before it is known since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub kind: ConditionType,
    pub status: ConditionStatus,
    /// One word for machines.
    pub reason: String,
    /// A sentence for people.
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Condition {
    #[serde(rename = "type")]
    pub kind: ConditionType,
    pub status: ConditionStatus,
    pub reason: String,
    pub message: String,
    /// When the status last flipped; a new reason or message leaves it.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// The revision of the intent that was looked at.
    pub observed_revision: i64,
}

impl ConditionType {
    pub const ALL: [Self; 11] = [
        Self::Ready,
        Self::NamespaceActive,
        Self::QuotaApplied,
        Self::QuotaEnforced,
        Self::NetworkIsolated,
        Self::AccessConfigured,
        Self::Drifted,
        Self::OverQuota,
        Self::ClusterReachable,
        Self::AdoptionPending,
        Self::Stalled,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "Ready",
            Self::NamespaceActive => "NamespaceActive",
            Self::QuotaApplied => "QuotaApplied",
            Self::QuotaEnforced => "QuotaEnforced",
            Self::NetworkIsolated => "NetworkIsolated",
            Self::AccessConfigured => "AccessConfigured",
            Self::Drifted => "Drifted",
            Self::OverQuota => "OverQuota",
            Self::ClusterReachable => "ClusterReachable",
            Self::AdoptionPending => "AdoptionPending",
            Self::Stalled => "Stalled",
        }
    }

    /// Whether it names something that should not be.
    pub fn is_bad_when_true(self) -> bool {
        matches!(self, Self::Drifted | Self::OverQuota | Self::AdoptionPending | Self::Stalled)
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl ConditionStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::True => "True",
            Self::False => "False",
            Self::Unknown => "Unknown",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::True, Self::False, Self::Unknown].into_iter().find(|status| status.as_str() == text)
    }

    pub fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl Verdict {
    pub fn new(kind: ConditionType, status: ConditionStatus, reason: &str, message: impl Into<String>) -> Self {
        Self { kind, status, reason: reason.to_owned(), message: message.into() }
    }
}

/// The conditions after a pass. A type that no verdict names keeps what was last known of it.
pub fn settle(previous: &[Condition], verdicts: Vec<Verdict>, revision: i64, now: OffsetDateTime) -> Vec<Condition> {
    let before = |kind: ConditionType| previous.iter().find(|c| c.kind == kind);
    let mut settled: Vec<Condition> = verdicts
        .into_iter()
        .map(|verdict| Condition {
            since: before(verdict.kind).filter(|c| c.status == verdict.status).map_or(now, |c| c.since),
            kind: verdict.kind,
            status: verdict.status,
            reason: verdict.reason,
            message: verdict.message,
            observed_revision: revision,
        })
        .collect();
    let kept = previous.iter().filter(|c| !settled.iter().any(|s| s.kind == c.kind)).cloned().collect::<Vec<_>>();
    settled.extend(kept);
    settled.sort_by_key(|c| c.kind);
    settled
}

/// What to show: nothing that was not looked at for `limit` counts as known.
pub fn aged(
    conditions: Vec<Condition>,
    observed_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
    limit: Duration,
) -> Vec<Condition> {
    let Some(observed_at) = observed_at.filter(|at| now - *at > limit) else { return conditions };
    let stale = |condition: Condition| match condition.kind {
        ConditionType::ClusterReachable => condition,
        _ => Condition {
            status: ConditionStatus::Unknown,
            reason: "Stale".to_owned(),
            message: format!("Not looked at since then. Before that: {}", condition.message),
            since: observed_at,
            ..condition
        },
    };
    conditions.into_iter().map(stale).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const T0: OffsetDateTime = datetime!(2026-11-21 09:00 UTC);
    const T1: OffsetDateTime = datetime!(2026-11-21 09:05 UTC);

    fn verdict(status: ConditionStatus, message: &str) -> Vec<Verdict> {
        vec![Verdict::new(ConditionType::QuotaEnforced, status, "R", message)]
    }

    #[test]
    fn since_moves_only_when_the_status_flips() {
        let first = settle(&[], verdict(ConditionStatus::False, "a"), 1, T0);
        assert_eq!(first[0].since, T0);
        let same = settle(&first, verdict(ConditionStatus::False, "b"), 2, T1);
        assert_eq!((same[0].since, same[0].message.as_str(), same[0].observed_revision), (T0, "b", 2));
        let flipped = settle(&same, verdict(ConditionStatus::True, "c"), 2, T1);
        assert_eq!(flipped[0].since, T1);
        assert_eq!(settle(&flipped, vec![], 2, T1), flipped, "what was not looked at stays");
    }

    #[test]
    fn old_green_is_never_shown() {
        let conditions = settle(&[], verdict(ConditionStatus::True, "Enforced."), 1, T0);
        let shown = |now| aged(conditions.clone(), Some(T0), now, Duration::minutes(4)).remove(0);
        assert_eq!(shown(T0).status, ConditionStatus::True);
        assert_eq!((shown(T1).status, shown(T1).since), (ConditionStatus::Unknown, T0));
    }

    #[test]
    fn words_are_read_back() {
        for kind in ConditionType::ALL {
            assert_eq!(ConditionType::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!(ConditionStatus::parse("Unknown"), Some(ConditionStatus::Unknown));
    }
}
