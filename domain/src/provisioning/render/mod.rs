//! The twelve objects of a namespace.

mod access;
mod network;
mod quota;

use serde_json::{Value, json};

use super::{
    ClusterCapabilities, Desired, NamespaceIntent, ObjectKey, ObjectKind,
    identity::{REVISION_ANNOTATION, with_identity},
};

/// In the order in which they are to be written: the namespace with its pod security level first, then every fence,
/// and the three role bindings last.
pub fn render(intent: &NamespaceIntent, capabilities: &ClusterCapabilities) -> Vec<Desired> {
    let mut objects = vec![namespace(intent, capabilities)];
    objects.extend(quota::objects(intent, capabilities));
    objects.extend(network::objects(intent, capabilities));
    objects.extend(access::objects(intent));
    objects
}

fn namespace(intent: &NamespaceIntent, capabilities: &ClusterCapabilities) -> Desired {
    let version = capabilities.pod_security_version();
    let mut annotations = json!({
        REVISION_ANNOTATION: intent.revision.to_string(),
        "waymark.dev/deletion-protection": intent.deletion_protected.to_string(),
    });
    let level = if intent.accelerators.is_empty() {
        "restricted"
    } else {
        annotations["waymark.dev/pod-security-reason"] =
            "Holds a grant of accelerators: device plugins need what the restricted level forbids.".into();
        "baseline"
    };
    let body = json!({
        "labels": {
            "pod-security.kubernetes.io/enforce": level,
            "pod-security.kubernetes.io/enforce-version": version,
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/warn-version": version,
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/audit-version": version,
        },
        "annotations": annotations,
    });
    object(intent, ObjectKind::Namespace, intent.name.as_str(), "namespace", body)
}

/// `body` may hold `labels` and `annotations` of its own beside the rest of the object.
fn object(intent: &NamespaceIntent, kind: ObjectKind, name: &str, role: &str, mut body: Value) -> Desired {
    body["apiVersion"] = kind.api_version().into();
    body["kind"] = kind.as_str().into();
    Desired { key: ObjectKey::new(kind, name), body: with_identity(intent, role, name, body) }
}

#[cfg(test)]
pub(super) mod tests;
