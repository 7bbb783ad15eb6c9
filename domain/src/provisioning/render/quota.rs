//! Two quotas and the limit range.

use serde_json::{Map, Value, json};

use super::{super::unenforced_key, object};
use crate::provisioning::{ClusterCapabilities, Desired, NamespaceIntent, ObjectKind};

/// Present at zero in every namespace, before any node has them: a key that is absent means no limit at all.
/// The `_monitoring` ones open every card of a node at once.
const ALWAYS_FENCED: [&str; 7] = [
    "amd.com/gpu",
    "gpu.intel.com/i915",
    "gpu.intel.com/i915_monitoring",
    "gpu.intel.com/xe",
    "gpu.intel.com/xe_monitoring",
    "nvidia.com/gpu",
    "nvidia.com/gpu.shared",
];

pub(super) fn objects(intent: &NamespaceIntent, capabilities: &ClusterCapabilities) -> [Desired; 3] {
    let compute: Map<String, Value> = intent.size.hard().into_iter().map(|(k, v)| (k.to_owned(), v.into())).collect();
    let hard = |hard: Map<String, Value>| json!({ "spec": { "hard": hard } });
    [
        object(intent, ObjectKind::LimitRange, "waymark-defaults", "defaults", defaults()),
        object(intent, ObjectKind::ResourceQuota, "waymark-compute", "quota-compute", hard(compute)),
        object(intent, ObjectKind::ResourceQuota, "waymark-gpu", "quota-gpu", hard(accelerators(intent, capabilities))),
    ]
}

/// Every value that the server would fill in is written out, so that what comes back is what was sent.
/// Accelerators have no place here: a maximum of theirs becomes the default of every container.
fn defaults() -> Value {
    json!({ "spec": { "limits": [
        {
            "type": "Container",
            "default": { "memory": "1Gi" },
            "defaultRequest": { "cpu": "100m", "memory": "256Mi" },
            "max": { "memory": "64Gi" },
        },
        { "type": "PersistentVolumeClaim", "max": { "storage": "1Ti" } },
    ] } })
}

fn accelerators(intent: &NamespaceIntent, capabilities: &ClusterCapabilities) -> Map<String, Value> {
    let fenced = ALWAYS_FENCED.into_iter().map(str::to_owned).chain(capabilities.accelerators.iter().cloned());
    let mut hard: Map<String, Value> = fenced.map(|name| (format!("requests.{name}"), "0".into())).collect();
    if capabilities.dynamic_resources {
        hard.insert("count/resourceclaims.resource.k8s.io".to_owned(), "0".into());
        let classes = capabilities.device_classes.iter();
        hard.extend(classes.map(|class| (format!("{class}.deviceclass.resource.k8s.io/devices"), "0".into())));
    }
    hard.extend(intent.accelerators.iter().map(|(name, count)| (format!("requests.{name}"), count.to_string().into())));
    hard.retain(|key, _| !unenforced_key(key));
    hard
}
