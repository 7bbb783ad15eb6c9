//! What the cluster refused, in words that say what to do about it.

use domain::provisioning::Right;
use serde_json::Value;

use crate::cluster::{Failure, FailureClass};

/// The cluster's own sentence, and the rule to add where one is missing. `body` is what was to be written.
pub(super) fn told(failure: &Failure, body: Option<&Value>) -> String {
    let refused = format!("The cluster refused: {}", failure.message);
    match missing(failure, body) {
        Some(right) => format!("{refused}. Add this rule to the platform's role in the cluster: {}", right.rule()),
        None => refused,
    }
}

fn missing(failure: &Failure, body: Option<&Value>) -> Option<Right> {
    match failure.class {
        FailureClass::Forbidden => Right::of_refusal(&failure.message),
        // Whoever binds a role without holding what is in it needs `bind` on that role.
        FailureClass::Escalation => body?["roleRef"]["name"].as_str().map(Right::to_bind),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_rule_to_add_is_named_where_one_is_missing() {
        let words = "x is forbidden: User \"waymark\" cannot create resource \"limitranges\" in API group \"\" in the namespace \"a\"";
        let forbidden = told(&Failure::of_ours(FailureClass::Forbidden, words), None);
        assert!(
            forbidden.contains(r#"{apiGroups: [""], resources: ["limitranges"], verbs: ["create"]}"#),
            "{forbidden}"
        );
        let binding = json!({ "roleRef": { "name": "waymark-tenant-viewer" } });
        let escalation = told(&Failure::of_ours(FailureClass::Escalation, "no"), Some(&binding));
        assert!(escalation.contains(r#"resourceNames: ["waymark-tenant-viewer"], verbs: ["bind"]"#), "{escalation}");
        assert_eq!(told(&Failure::of_ours(FailureClass::Invalid, "no"), None), "The cluster refused: no");
    }
}
