use super::super::render::tests::{capabilities, intent};
use super::super::{Severity, Standing, render};
use super::*;

struct Seen {
    desired: Vec<Desired>,
    pending: BTreeSet<ObjectKey>,
    failures: Vec<Failure>,
    enforcement: Vec<(String, Enforcement)>,
    drift: Vec<Drift>,
    over_quota: Vec<String>,
}

impl Seen {
    fn all_well() -> Self {
        let enforced = |name: &str| (name.to_owned(), Enforcement::Enforced);
        Self {
            desired: render(&intent(), &capabilities()),
            pending: BTreeSet::new(),
            failures: vec![],
            enforcement: vec![enforced("waymark-compute"), enforced("waymark-gpu")],
            drift: vec![],
            over_quota: vec![],
        }
    }

    fn condition(&self, kind: ConditionType) -> (ConditionStatus, String) {
        let seen = Observation {
            desired: &self.desired,
            pending: &self.pending,
            failures: &self.failures,
            enforcement: &self.enforcement,
            drift: &self.drift,
            over_quota: &self.over_quota,
        };
        assess(&seen).into_iter().find(|v| v.kind == kind).map(|v| (v.status, v.reason)).unwrap()
    }
}

fn key(kind: ObjectKind, name: &str) -> ObjectKey {
    ObjectKey::new(kind, name)
}

#[test]
fn all_well_is_ready() {
    let seen = Seen::all_well();
    assert_eq!(seen.condition(T::Ready), (True, "Ready".into()));
    assert_eq!(seen.condition(T::Drifted).0, False);
}

#[test]
fn applied_is_told_from_enforced() {
    let mut seen = Seen::all_well();
    seen.enforcement[1].1 = Enforcement::Waiting;
    seen.pending.insert(key(ObjectKind::RoleBinding, "waymark-editors"));
    assert_eq!(seen.condition(T::QuotaApplied).0, True);
    assert_eq!(seen.condition(T::QuotaEnforced), (False, "WaitingForStatus".into()));
    assert_eq!(seen.condition(T::AccessConfigured), (False, "WaitingForQuota".into()));
    assert_eq!(seen.condition(T::Ready), (False, "WaitingForStatus".into()));
    seen.enforcement[1].1 = Enforcement::Unenforced(vec!["nvidia.com/gpu".into()]);
    assert_eq!(seen.condition(T::QuotaEnforced), (False, "UnenforcedKeys".into()));
    seen.enforcement.pop();
    assert_eq!(seen.condition(T::QuotaEnforced), (False, "WaitingForStatus".into()), "a quota that is not there");
}

#[test]
fn a_failure_is_told_where_it_happened_and_nowhere_else() {
    let mut seen = Seen::all_well();
    seen.failures.push(Failure {
        key: key(ObjectKind::NetworkPolicy, "waymark-default-deny"),
        reason: "Forbidden".into(),
        message: "No.".into(),
    });
    assert_eq!(seen.condition(T::NetworkIsolated), (False, "Forbidden".into()));
    assert_eq!(seen.condition(T::QuotaApplied).0, True);
    assert_eq!(seen.condition(T::Ready), (False, "Forbidden".into()));
}

#[test]
fn foreign_objects_are_told_from_open_drift() {
    let mut seen = Seen::all_well();
    let drift = |class| Drift {
        object: "NetworkPolicy/open".into(),
        field: String::new(),
        class,
        severity: Severity::Security,
        before: None,
        after: None,
        manager: None,
    };
    seen.drift.push(drift(DriftClass::ForeignObject));
    assert_eq!(seen.condition(T::Drifted), (True, "ForeignObjects".into()));
    assert_eq!(seen.condition(T::Ready).0, True, "what others add beside ours does not unmake ours");
    seen.drift.push(drift(DriftClass::Missing));
    assert_eq!(seen.condition(T::Drifted), (True, "ChangedByOthers".into()));
}

#[test]
fn a_namespace_of_others_waits_for_adoption() {
    let find = |standing: &Standing, kind| blocked(Blocked::Standing(standing)).into_iter().find(|v| v.kind == kind);
    assert_eq!(find(&Standing::Foreign, T::AdoptionPending).unwrap().status, True);
    assert_eq!(find(&Standing::Lost, T::AdoptionPending), None);
    assert_eq!(find(&Standing::Lost, T::NamespaceActive).unwrap().status, False);
    for standing in [Standing::Foreign, Standing::Lost, Standing::Replaced { uid: "u".into() }] {
        assert_eq!(find(&standing, T::Ready).unwrap().status, False, "{standing:?}");
        assert_eq!(find(&standing, T::Stalled).unwrap().status, True, "{standing:?}");
    }
}
