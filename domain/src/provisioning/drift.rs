//! What somebody else changed in what we had written.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Desired, Difference, Live, Manager, ObjectKey, ObjectKind, Severity, differences, last_manager, manager_of,
    severity::{of_difference, of_foreign, of_missing},
};

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DriftClass {
    /// The object is gone.
    Missing,
    Changed,
    /// A key was added where all keys are ours.
    ExtraKey,
    /// An object of somebody else's beside ours; left alone.
    ForeignObject,
    LabelRemoved,
    /// Only a new object can put it right.
    Immutable,
    /// A quota key that the API server takes and never counts.
    Unenforced,
    /// The same manager keeps changing it back.
    Contended,
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// Such as `ResourceQuota/waymark-gpu`.
    pub object: String,
    /// Such as `spec.hard.requests.nvidia.com/gpu`; empty for a whole object.
    pub field: String,
    pub class: DriftClass,
    pub severity: Severity,
    /// As it should be.
    pub before: Option<Value>,
    /// As it was found.
    pub after: Option<Value>,
    pub manager: Option<Manager>,
}

impl DriftClass {
    pub const ALL: [Self; 8] = [
        Self::Missing,
        Self::Changed,
        Self::ExtraKey,
        Self::ForeignObject,
        Self::LabelRemoved,
        Self::Immutable,
        Self::Unenforced,
        Self::Contended,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::ExtraKey => "extra_key",
            Self::ForeignObject => "foreign_object",
            Self::LabelRemoved => "label_removed",
            Self::Immutable => "immutable",
            Self::Unenforced => "unenforced",
            Self::Contended => "contended",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }
}

/// What differs in an object that was once written as `desired`.
pub fn drifts(desired: &Desired, live: Option<&Value>) -> Vec<Drift> {
    let Some(live) = live else {
        return vec![Drift {
            object: desired.key.to_string(),
            field: String::new(),
            class: DriftClass::Missing,
            severity: of_missing(&desired.key),
            before: Some(json!({ "spec_hash": desired.hash() })),
            after: None,
            manager: None,
        }];
    };
    let found = differences(&desired.body, live);
    found.into_iter().map(|difference| changed(&desired.key, difference, live)).collect()
}

/// Objects that can open or tighten what ours shut, and are not ours.
pub fn foreign_objects(desired: &[Desired], live: &Live) -> Vec<Drift> {
    let is_ours = |key: &ObjectKey| desired.iter().any(|d| d.key == *key);
    live.iter()
        .filter(|(key, _)| ObjectKind::TOLD_WHEN_FOREIGN.contains(&key.kind) && !is_ours(key))
        .map(|(key, object)| Drift {
            object: key.to_string(),
            field: String::new(),
            class: DriftClass::ForeignObject,
            severity: of_foreign(key.kind),
            before: None,
            after: Some(shape(object)),
            manager: last_manager(object),
        })
        .collect()
}

fn changed(key: &ObjectKey, difference: Difference, live: &Value) -> Drift {
    Drift {
        object: key.to_string(),
        field: difference.field(),
        class: class(key.kind, &difference),
        severity: of_difference(key, &difference),
        manager: manager_of(live, &difference.path),
        before: difference.wanted,
        after: difference.found,
    }
}

fn class(kind: ObjectKind, difference: &Difference) -> DriftClass {
    let is_label = difference.path.get(1).is_some_and(|part| part == "labels");
    match (difference.is_immutable(kind), difference.is_extra(), &difference.found) {
        (true, ..) => DriftClass::Immutable,
        (false, true, _) => DriftClass::ExtraKey,
        (false, false, None) if is_label => DriftClass::LabelRemoved,
        _ => DriftClass::Changed,
    }
}

/// The part of somebody else's object that says what it does.
fn shape(object: &Value) -> Value {
    let parts = ["spec", "roleRef", "subjects"].into_iter();
    parts
        .filter_map(|key| object.get(key).map(|value| (key.to_owned(), value.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[cfg(test)]
mod tests {
    use super::super::render;
    use super::super::render::tests::{capabilities, intent};
    use super::*;

    fn desired(key: &str) -> Desired {
        render(&intent(), &capabilities()).into_iter().find(|d| d.key.to_string() == key).unwrap()
    }

    fn only(key: &str, tamper: impl Fn(&mut Value)) -> (String, DriftClass, Severity) {
        let desired = desired(key);
        let mut live = desired.body.clone();
        tamper(&mut live);
        let drift = drifts(&desired, Some(&live)).pop().unwrap();
        (drift.field, drift.class, drift.severity)
    }

    #[test]
    fn every_class_has_its_severity() {
        let gpu = "ResourceQuota/waymark-gpu";
        let card = "spec.hard.requests.nvidia.com/gpu".to_owned();
        let hard = |resource: &'static str, amount: &'static str| {
            move |live: &mut Value| live["spec"]["hard"][resource] = amount.into()
        };
        assert_eq!(only(gpu, hard("requests.nvidia.com/gpu", "8")), (card, DriftClass::Changed, Severity::Security));
        let compute = "ResourceQuota/waymark-compute";
        assert_eq!(
            only(compute, hard("pods", "500")),
            ("spec.hard.pods".into(), DriftClass::Changed, Severity::Budget)
        );
        assert_eq!(
            only(compute, hard("pods", "1")),
            ("spec.hard.pods".into(), DriftClass::Changed, Severity::Availability)
        );
        assert_eq!(
            only(compute, hard("services", "1")),
            ("spec.hard.services".into(), DriftClass::ExtraKey, Severity::Availability)
        );
        let role = |live: &mut Value| live["roleRef"]["name"] = "cluster-admin".into();
        assert_eq!(
            only("RoleBinding/waymark-editors", role),
            ("roleRef.name".into(), DriftClass::Immutable, Severity::Security)
        );
        let label = |live: &mut Value| {
            live["metadata"]["labels"].as_object_mut().unwrap().remove("pod-security.kubernetes.io/enforce");
        };
        let field = "metadata.labels.pod-security.kubernetes.io/enforce".to_owned();
        assert_eq!(
            only("Namespace/payments-checkout-dev", label),
            (field, DriftClass::LabelRemoved, Severity::Security)
        );
        let team = |live: &mut Value| live["metadata"]["labels"]["waymark.dev/team"] = "x".into();
        assert_eq!(
            only(gpu, team),
            ("metadata.labels.waymark.dev/team".into(), DriftClass::Changed, Severity::Cosmetic)
        );
    }

    #[test]
    fn a_missing_object_is_one_finding() {
        let found = drifts(&desired("NetworkPolicy/waymark-default-deny"), None);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].class, found[0].severity), (DriftClass::Missing, Severity::Security));
    }

    #[test]
    fn objects_of_others_are_named() {
        let desired = render(&intent(), &capabilities());
        let live = Live::from([
            (ObjectKey::new(ObjectKind::RoleBinding, "mine"), json!({ "roleRef": { "name": "admin" } })),
            (ObjectKey::new(ObjectKind::RoleBinding, "waymark-editors"), json!({})),
            (ObjectKey::new(ObjectKind::ServiceAccount, "app"), json!({})),
        ]);
        let found = foreign_objects(&desired, &live);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].object.as_str(), found[0].severity), ("RoleBinding/mine", Severity::Security));
    }

    #[test]
    fn every_class_has_its_own_word() {
        for class in DriftClass::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.as_str());
            assert_eq!(DriftClass::parse(class.as_str()), Some(class));
        }
    }
}
