//! What the platform's identity has to be allowed in a cluster, one question to the API server each.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One verb on one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Right {
    /// Empty for the core group.
    pub group: String,
    /// With its subresource after a slash, as rules have it.
    pub resource: String,
    /// Where a rule holds for objects of some names alone.
    pub name: Option<String>,
    pub verb: String,
}

/// A rule of a role, in the form in which it can be added there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleRule {
    group: String,
    resource: String,
    names: Vec<String>,
    verbs: Vec<String>,
}

impl Right {
    pub fn new(verb: &str, group: &str, resource: &str) -> Self {
        Self { group: group.into(), resource: resource.into(), name: None, verb: verb.into() }
    }

    /// To give somebody a role without holding what is in it.
    pub fn to_bind(role: &str) -> Self {
        Self { name: Some(role.to_owned()), ..Self::new("bind", "rbac.authorization.k8s.io", "clusterroles") }
    }

    /// What the API server names in its refusal: `cannot patch resource "a" in API group "b"`.
    pub fn of_refusal(message: &str) -> Option<Self> {
        let (_, refused) = message.split_once(" cannot ")?;
        let (verb, rest) = refused.split_once(" resource \"")?;
        let (resource, rest) = rest.split_once("\" in API group \"")?;
        let (group, _) = rest.split_once('"')?;
        Some(Self::new(verb, group, resource))
    }

    /// As a rule of its own.
    pub fn rule(&self) -> RoleRule {
        let Self { group, resource, name, verb } = self.clone();
        RoleRule { group, resource, names: name.into_iter().collect(), verbs: vec![verb] }
    }
}

impl fmt::Display for RoleRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{apiGroups: [\"{}\"], resources: [\"{}\"]", self.group, self.resource)?;
        if !self.names.is_empty() {
            write!(f, ", resourceNames: {:?}", self.names)?;
        }
        write!(f, ", verbs: {:?}}}", self.verbs)
    }
}

/// Everything that a role allows, each right once.
pub fn rights_of(role: &Value) -> Vec<Right> {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    };
    let mut rights = Vec::new();
    for rule in role["rules"].as_array().into_iter().flatten() {
        let names = texts(&rule["resourceNames"]);
        let names: Vec<Option<String>> =
            if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() };
        for group in texts(&rule["apiGroups"]) {
            for resource in texts(&rule["resources"]) {
                for verb in texts(&rule["verbs"]) {
                    let right = Right::new(&verb, &group, &resource);
                    rights.extend(names.iter().map(|name| Right { name: name.clone(), ..right.clone() }));
                }
            }
        }
    }
    rights.sort();
    rights.dedup();
    rights
}

/// The rules that give these rights, as few as may be.
pub fn rules_for(missing: &[Right]) -> Vec<RoleRule> {
    let mut by_object: BTreeMap<(&str, &str, Option<&str>), Vec<String>> = BTreeMap::new();
    for right in missing {
        by_object.entry((&right.group, &right.resource, right.name.as_deref())).or_default().push(right.verb.clone());
    }
    let mut rules: Vec<RoleRule> = Vec::new();
    for ((group, resource, name), verbs) in by_object {
        let names: Vec<String> = name.map(str::to_owned).into_iter().collect();
        match rules.last_mut() {
            Some(last)
                if last.group == group
                    && last.resource == resource
                    && last.verbs == verbs
                    && !last.names.is_empty() =>
            {
                last.names.extend(names);
            }
            _ => rules.push(RoleRule { group: group.to_owned(), resource: resource.to_owned(), names, verbs }),
        }
    }
    rules
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_role_is_taken_apart_and_what_is_missing_is_put_together() {
        let role = json!({ "rules": [
            { "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "patch"] },
            { "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"] },
            { "apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"], "resourceNames": ["a", "b"], "verbs": ["bind"] },
        ] });
        let rights = rights_of(&role);
        assert_eq!(rights.len(), 4);
        assert_eq!(rights[3], Right::to_bind("b"));
        let rules: Vec<String> = rules_for(&rights).iter().map(ToString::to_string).collect();
        assert_eq!(
            rules,
            [
                r#"{apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "patch"]}"#,
                r#"{apiGroups: ["rbac.authorization.k8s.io"], resources: ["clusterroles"], resourceNames: ["a", "b"], verbs: ["bind"]}"#,
            ]
        );
        assert!(rules_for(&[]).is_empty());
    }

    #[test]
    fn the_servers_refusal_names_the_rule() {
        let message = r#"networkpolicies.networking.k8s.io "x" is forbidden: User "waymark" cannot patch resource "networkpolicies" in API group "networking.k8s.io" in the namespace "a""#;
        let rule = Right::of_refusal(message).unwrap().rule().to_string();
        assert_eq!(rule, r#"{apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["patch"]}"#);
        let core = r#"namespaces is forbidden: User "w" cannot create resource "namespaces" in API group "" at the cluster scope"#;
        assert_eq!(Right::of_refusal(core), Some(Right::new("create", "", "namespaces")));
        assert_eq!(Right::of_refusal("exceeded quota"), None);
    }
}
