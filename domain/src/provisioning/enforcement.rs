//! Applied is not enforced: admission counts against `status`, which a controller of the cluster writes later.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Quantity, QuotaLine, same_quantity};

/// Whether a quota stands in the way of anybody yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enforcement {
    Enforced,
    /// `status.hard` is not `spec.hard` yet.
    Waiting,
    /// Keys that the API server took in and never counts.
    Unenforced(Vec<String>),
}

/// Looks at the quota as the API server returned it.
pub fn enforcement(quota: &Value) -> Enforcement {
    let (spec, status, used) = (&quota["spec"]["hard"], &quota["status"]["hard"], &quota["status"]["used"]);
    let (Some(spec), Some(status)) = (spec.as_object(), status.as_object()) else { return Enforcement::Waiting };
    if !same_amounts(spec, status) {
        return Enforcement::Waiting;
    }
    let unenforced: Vec<String> = spec.keys().filter(|key| used.get(key.as_str()).is_none()).cloned().collect();
    if unenforced.is_empty() { Enforcement::Enforced } else { Enforcement::Unenforced(unenforced) }
}

/// Keys of which more is used than allowed: lowering a quota stops nothing that runs.
pub fn over_quota(quota: &Value) -> Vec<String> {
    let used = quota["status"]["used"].as_object();
    let over = |(key, used): (&String, &Value)| {
        let hard = amount(&quota["spec"]["hard"][key.as_str()])?;
        (amount(used)? > hard).then(|| key.clone())
    };
    used.into_iter().flatten().filter_map(over).collect()
}

/// One line for each key, sorted; what the cluster has not said is `None`.
pub fn quota_lines(name: &str, quota: &Value) -> Vec<QuotaLine> {
    let at = |part: &Value, key: &str| part[key].as_str().map(str::to_owned);
    let keys: BTreeSet<&String> = [&quota["spec"]["hard"], &quota["status"]["hard"]]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(Map::keys)
        .collect();
    keys.into_iter()
        .map(|key| QuotaLine {
            object: name.to_owned(),
            resource: key.clone(),
            spec: at(&quota["spec"]["hard"], key),
            enforced: at(&quota["status"]["hard"], key),
            used: at(&quota["status"]["used"], key),
        })
        .collect()
}

fn same_amounts(a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    a.len() == b.len()
        && a.keys().all(|key| match (text(a.get(key)), text(b.get(key))) {
            (Some(a), Some(b)) => same_quantity(&a, &b),
            _ => false,
        })
}

fn amount(value: &Value) -> Option<Quantity> {
    value.as_str().and_then(Quantity::parse)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_full_status_is_enforced() {
        let spec = json!({ "hard": { "requests.nvidia.com/gpu": "1000m", "pods": "5" } });
        let at = |status: Value| enforcement(&json!({ "spec": spec, "status": status }));
        let hard = json!({ "requests.nvidia.com/gpu": "1", "pods": "5" });
        assert_eq!(at(json!({})), Enforcement::Waiting, "a new quota holds nobody back");
        assert_eq!(at(json!({ "hard": { "pods": "5" } })), Enforcement::Waiting);
        let old = json!({ "requests.nvidia.com/gpu": "4", "pods": "5" });
        assert_eq!(
            at(json!({ "hard": old, "used": { "requests.nvidia.com/gpu": "0", "pods": "0" } })),
            Enforcement::Waiting
        );
        let used = json!({ "requests.nvidia.com/gpu": "0", "pods": "0" });
        assert_eq!(at(json!({ "hard": hard, "used": used })), Enforcement::Enforced);
        let missing = Enforcement::Unenforced(vec!["requests.nvidia.com/gpu".into()]);
        assert_eq!(at(json!({ "hard": hard, "used": { "pods": "0" } })), missing);
    }

    #[test]
    fn amounts_above_the_limit_are_named() {
        let quota = json!({ "spec": { "hard": { "pods": "5", "requests.cpu": "1" } },
            "status": { "used": { "pods": "7", "requests.cpu": "1000m" } } });
        assert_eq!(over_quota(&quota), ["pods"]);
    }

    #[test]
    fn lines_say_what_is_not_known() {
        let quota = json!({ "spec": { "hard": { "pods": "5" } } });
        let line = quota_lines("waymark-compute", &quota).pop().unwrap();
        assert_eq!((line.spec.as_deref(), line.enforced, line.used), (Some("5"), None, None));
    }
}
