//! Where an object differs from what it should be.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{ObjectKind, same_quantity};

/// One place at which an object is not as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Keys from the object's root; lists count as one value.
    pub path: Vec<String>,
    /// `None` where nothing should be.
    pub wanted: Option<Value>,
    /// `None` where nothing is.
    pub found: Option<Value>,
}

impl Difference {
    /// As people read it, such as `spec.hard.requests.nvidia.com/gpu`.
    pub fn field(&self) -> String {
        self.path.join(".")
    }

    /// Server-side apply leaves what others have added; it has to be taken out by name.
    pub fn is_extra(&self) -> bool {
        self.wanted.is_none()
    }

    /// Whether the API server refuses to change this place in an object that exists.
    pub fn is_immutable(&self, kind: ObjectKind) -> bool {
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        matches!(
            (kind, path.as_slice()),
            (ObjectKind::RoleBinding, ["roleRef", ..]) | (ObjectKind::ResourceQuota, ["spec", "scopes"])
        )
    }
}

/// Maps whose values the server rewrites to their canonical form.
const QUANTITIES: [&str; 5] = ["hard", "default", "defaultRequest", "max", "min"];
/// Label keys of which nobody else may add one.
const CLOSED_LABELS: [&str; 3] = ["waymark.dev/", "pod-security.kubernetes.io/", "resource.kubernetes.io/admin-access"];

/// Labels and annotations of others are theirs. Everything below `spec`, `subjects` and `roleRef` is ours alone: a key
/// that is missing means "no limit", and a selector, scope or rule that was added opens what should be shut.
pub fn differences(desired: &Value, live: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    open_map(desired, live, "labels", &CLOSED_LABELS, &mut found);
    open_map(desired, live, "annotations", &[], &mut found);
    for key in ["spec", "roleRef", "subjects", "automountServiceAccountToken"] {
        if let Some(wanted) = desired.get(key) {
            closed(Some(wanted), live.get(key), &mut vec![key.to_owned()], false, &mut found);
        }
    }
    found
}

fn open_map(desired: &Value, live: &Value, name: &str, closed_prefixes: &[&str], found: &mut Vec<Difference>) {
    let empty = Map::new();
    let wanted = desired["metadata"][name].as_object().unwrap_or(&empty);
    let there = live["metadata"][name].as_object().unwrap_or(&empty);
    let extra = there.keys().filter(|key| closed_prefixes.iter().any(|prefix| key.starts_with(prefix)));
    for key in wanted.keys().chain(extra).collect::<BTreeSet<_>>() {
        if wanted.get(key) != there.get(key) {
            let path = vec!["metadata".to_owned(), name.to_owned(), key.clone()];
            found.push(Difference { path, wanted: wanted.get(key).cloned(), found: there.get(key).cloned() });
        }
    }
}

fn closed(
    wanted: Option<&Value>,
    there: Option<&Value>,
    path: &mut Vec<String>,
    quantities: bool,
    found: &mut Vec<Difference>,
) {
    if let (Some(Value::Object(wanted)), Some(Value::Object(there))) = (wanted, there) {
        for key in wanted.keys().chain(there.keys()).collect::<BTreeSet<_>>() {
            path.push(key.clone());
            let quantities = quantities || QUANTITIES.contains(&key.as_str());
            closed(wanted.get(key), there.get(key), path, quantities, found);
            path.pop();
        }
        return;
    }
    if !same(wanted.unwrap_or(&Value::Null), there.unwrap_or(&Value::Null), quantities) {
        found.push(Difference { path: path.clone(), wanted: wanted.cloned(), found: there.cloned() });
    }
}

/// The server drops empty lists, so nothing and an empty list are the same.
fn same(a: &Value, b: &Value, quantities: bool) -> bool {
    let is_nothing = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match (a, b) {
        (a, b) if is_nothing(a) || is_nothing(b) => is_nothing(a) && is_nothing(b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, quantities))
        }
        (Value::Object(a), Value::Object(b)) => a.keys().chain(b.keys()).all(|key| {
            let quantities = quantities || QUANTITIES.contains(&key.as_str());
            same(a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null), quantities)
        }),
        (Value::String(a), Value::String(b)) if quantities => same_quantity(a, b),
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::render;
    use super::super::render::tests::{capabilities, intent};
    use super::*;

    fn fields(desired: &Value, live: &Value) -> Vec<String> {
        differences(desired, live).iter().map(Difference::field).collect()
    }

    fn quota(hard: Value) -> Value {
        json!({ "spec": { "hard": hard } })
    }

    #[test]
    fn what_the_server_rewrites_is_no_difference() {
        let desired = quota(json!({ "requests.cpu": "1000m", "requests.memory": "1024Mi" }));
        assert_eq!(
            fields(&desired, &quota(json!({ "requests.cpu": "1", "requests.memory": "1Gi" }))),
            Vec::<String>::new()
        );
        let binding = json!({ "subjects": [] });
        assert_eq!(fields(&binding, &json!({})), Vec::<String>::new());
    }

    #[test]
    fn a_quota_is_closed_in_its_keys_and_its_scopes() {
        let desired = quota(json!({ "pods": "5", "requests.nvidia.com/gpu": "0" }));
        let live = json!({ "spec": { "hard": { "pods": "5", "requests.nvidia.com/gpu": "8", "services": "1" }, "scopes": ["Terminating"] } });
        assert_eq!(fields(&desired, &live), ["spec.hard.requests.nvidia.com/gpu", "spec.hard.services", "spec.scopes"]);
        let extra: Vec<bool> = differences(&desired, &live).iter().map(Difference::is_extra).collect();
        assert_eq!(extra, [false, true, true]);
        assert!(differences(&desired, &live)[2].is_immutable(ObjectKind::ResourceQuota));
    }

    #[test]
    fn a_policy_that_was_opened_or_narrowed_differs() {
        let deny = json!({ "spec": { "podSelector": {}, "policyTypes": ["Ingress", "Egress"] } });
        let opened = json!({ "spec": { "podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": [{}] } });
        assert_eq!(fields(&deny, &opened), ["spec.egress"]);
        let narrowed =
            json!({ "spec": { "podSelector": { "matchLabels": { "a": "b" } }, "policyTypes": ["Ingress", "Egress"] } });
        assert_eq!(fields(&deny, &narrowed), ["spec.podSelector.matchLabels"]);
        let allow = json!({ "spec": { "ingress": [{ "from": [{ "podSelector": {} }] }] } });
        let widened = json!({ "spec": { "ingress": [{ "from": [{ "podSelector": {}, "namespaceSelector": {} }] }] } });
        assert_eq!(fields(&allow, &widened), ["spec.ingress"]);
    }

    #[test]
    fn labels_of_others_are_theirs_and_security_labels_are_not() {
        let desired = json!({ "metadata": { "labels": { "waymark.dev/team": "a" } } });
        let live = json!({ "metadata": { "labels": {
            "waymark.dev/team": "a", "theirs": "x", "pod-security.kubernetes.io/enforce": "privileged",
            "resource.kubernetes.io/admin-access": "true" } } });
        assert_eq!(
            fields(&desired, &live),
            [
                "metadata.labels.pod-security.kubernetes.io/enforce",
                "metadata.labels.resource.kubernetes.io/admin-access"
            ]
        );
        assert_eq!(fields(&desired, &json!({ "metadata": {} })), ["metadata.labels.waymark.dev/team"]);
    }

    #[test]
    fn a_removed_quantity_beside_text_is_a_difference() {
        assert_eq!(fields(&quota(json!({ "pods": "5" })), &quota(json!({}))), ["spec.hard.pods"]);
        assert_eq!(fields(&quota(json!({ "pods": "5" })), &json!({})), ["spec"]);
    }

    #[test]
    fn every_object_is_equal_to_itself() {
        for desired in render(&intent(), &capabilities()) {
            assert_eq!(differences(&desired.body, &desired.body), [], "{}", desired.key);
        }
    }
}
