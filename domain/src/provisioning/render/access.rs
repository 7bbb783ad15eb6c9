//! Two service accounts and three role bindings. The cluster roles are the platform's own, installed once.

use serde_json::{Value, json};

use super::object;
use crate::provisioning::{Desired, NamespaceIntent, ObjectKind};

const RBAC: &str = "rbac.authorization.k8s.io";
/// Continuous delivery works as this account.
const DEPLOYER: &str = "waymark-deployer";

pub(super) fn objects(intent: &NamespaceIntent) -> [Desired; 5] {
    let account = |name: &str, role: &str| {
        object(intent, ObjectKind::ServiceAccount, name, role, json!({ "automountServiceAccountToken": false }))
    };
    let deployer = json!([{ "kind": "ServiceAccount", "name": DEPLOYER, "namespace": intent.name.as_str() }]);
    [
        account("default", "account-default"),
        account(DEPLOYER, "account-deployer"),
        binding(intent, DEPLOYER, "waymark-tenant-deployer", deployer),
        binding(intent, "waymark-editors", "waymark-tenant-editor", groups(&intent.editors)),
        binding(intent, "waymark-viewers", "waymark-tenant-viewer", groups(&intent.viewers)),
    ]
}

fn binding(intent: &NamespaceIntent, name: &str, cluster_role: &str, subjects: Value) -> Desired {
    let role = name.replacen("waymark-", "access-", 1);
    let body = json!({
        "roleRef": { "apiGroup": RBAC, "kind": "ClusterRole", "name": cluster_role },
        "subjects": subjects,
    });
    object(intent, ObjectKind::RoleBinding, name, &role, body)
}

/// Sorted, so that the order in which groups were entered is no change.
fn groups(names: &[String]) -> Value {
    let mut names: Vec<&String> = names.iter().collect();
    names.sort();
    names.dedup();
    names.into_iter().map(|name| json!({ "apiGroup": RBAC, "kind": "Group", "name": name })).collect()
}
