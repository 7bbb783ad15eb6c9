//! What a cluster can do, as it was last seen; the objects of a namespace depend on it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Kept with the cluster as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterCapabilities {
    /// `1.36`; empty until the cluster was asked.
    pub kubernetes: String,
    /// Node resources that are accelerators. Grows only: a key that once stood in quotas stays at zero.
    pub accelerators: BTreeSet<String>,
    /// Names of the DeviceClass objects, where `resource.k8s.io/v1` is served.
    pub device_classes: BTreeSet<String>,
    /// Whether `resource.k8s.io/v1` is served: a quota key of a type that is not there never becomes enforced.
    pub dynamic_resources: bool,
    pub dns: DnsEndpoint,
}

/// Where pods of the cluster ask for names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DnsEndpoint {
    pub namespace: String,
    pub pod_labels: BTreeMap<String, String>,
    pub port: u16,
    /// Address of NodeLocal DNSCache, such as `169.254.20.10`: its pods use the host's network, so no pod selector matches.
    pub node_local: Option<String>,
}

impl Default for DnsEndpoint {
    fn default() -> Self {
        Self {
            namespace: "kube-system".to_owned(),
            pod_labels: BTreeMap::from([("k8s-app".to_owned(), "kube-dns".to_owned())]),
            port: 53,
            node_local: None,
        }
    }
}

impl ClusterCapabilities {
    /// Takes over what was seen now and keeps every accelerator and device class that was ever seen.
    pub fn learn(&self, seen: ClusterCapabilities) -> Self {
        Self {
            accelerators: self.accelerators.union(&seen.accelerators).cloned().collect(),
            device_classes: self.device_classes.union(&seen.device_classes).cloned().collect(),
            dns: self.dns.clone(),
            ..seen
        }
    }

    /// The version that pod security levels are pinned to.
    pub(super) fn pod_security_version(&self) -> String {
        if self.kubernetes.is_empty() { "latest".to_owned() } else { format!("v{}", self.kubernetes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accelerator_once_seen_stays_known() {
        let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>();
        let before = ClusterCapabilities { accelerators: names(&["nvidia.com/gpu"]), ..Default::default() };
        let seen = ClusterCapabilities {
            kubernetes: "1.36".into(),
            accelerators: names(&["nvidia.com/mig-1g.10gb"]),
            ..Default::default()
        };
        let after = before.learn(seen);
        assert_eq!(after.accelerators, names(&["nvidia.com/gpu", "nvidia.com/mig-1g.10gb"]));
        assert_eq!(after.pod_security_version(), "v1.36");
        assert_eq!(before.pod_security_version(), "latest");
    }
}
