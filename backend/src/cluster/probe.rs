//! Whether the cluster answers, and what it can do.

use std::collections::{BTreeMap, BTreeSet};

use domain::provisioning::{ClusterCapabilities, is_accelerator};
use serde_json::Value;

use super::{Cluster, Failure, FailureClass, call::Op};

impl Cluster {
    /// Answers when the API server says that it is ready.
    pub(crate) async fn probe(&self) -> Result<(), Failure> {
        self.call("/readyz", Op::List { continued: None }).await.map(|_| ())
    }

    /// What the cluster can do as of now.
    pub(crate) async fn capabilities(&self) -> Result<ClusterCapabilities, Failure> {
        let version = self.call("/version", Op::List { continued: None }).await?;
        let nodes = self.list_all("/api/v1/nodes").await?;
        let classes = self.device_classes().await?;
        Ok(ClusterCapabilities {
            kubernetes: kubernetes_version(&version),
            accelerators: nodes.iter().flat_map(accelerators).collect(),
            dynamic_resources: classes.is_some(),
            device_classes: classes.unwrap_or_default(),
            ..ClusterCapabilities::default()
        })
    }

    /// What nodes that take pods offer of each accelerator, all together.
    pub(crate) async fn allocatable_accelerators(&self) -> Result<BTreeMap<String, i64>, Failure> {
        Ok(allocatable(&self.list_all("/api/v1/nodes").await?))
    }

    /// `None` where the cluster does not serve `resource.k8s.io/v1`.
    async fn device_classes(&self) -> Result<Option<BTreeSet<String>>, Failure> {
        match self.list_all("/apis/resource.k8s.io/v1/deviceclasses").await {
            Ok(classes) => {
                Ok(Some(classes.iter().filter_map(|c| c["metadata"]["name"].as_str().map(str::to_owned)).collect()))
            }
            Err(failure) if failure.class == FailureClass::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

/// Names of accelerators in a node's status.
pub(super) fn accelerators(node: &Value) -> BTreeSet<String> {
    let names = ["capacity", "allocatable"].into_iter().filter_map(|part| node["status"][part].as_object());
    names.flat_map(|map| map.keys()).filter(|name| is_accelerator(name)).cloned().collect()
}

/// A node that is cordoned offers nothing, and so does an amount that is no whole number.
fn allocatable(nodes: &[Value]) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for node in nodes {
        let is_open = !node["spec"]["unschedulable"].as_bool().unwrap_or_default();
        for name in accelerators(node) {
            let amount = node["status"]["allocatable"][&name].as_str().and_then(|text| text.parse::<i64>().ok());
            *sums.entry(name).or_default() += amount.filter(|_| is_open).unwrap_or(0);
        }
    }
    sums
}

/// `1.36`; vendors add a plus to the minor version.
fn kubernetes_version(version: &Value) -> String {
    let part = |key: &str| version[key].as_str().unwrap_or_default().trim_end_matches('+').to_owned();
    format!("{}.{}", part("major"), part("minor"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_node_tells_its_accelerators() {
        let node = json!({ "status": {
            "capacity": { "cpu": "8", "nvidia.com/gpu": "8", "nvidia.com/mig-1g.10gb": "7" },
            "allocatable": { "cpu": "8", "amd.com/gpu": "0" } } });
        assert_eq!(
            accelerators(&node),
            ["amd.com/gpu", "nvidia.com/gpu", "nvidia.com/mig-1g.10gb"].map(str::to_owned).into()
        );
    }

    #[test]
    fn what_nodes_offer_is_added_up_and_cordoned_ones_offer_nothing() {
        let node = |amount: &str, cordoned: bool| {
            json!({ "spec": { "unschedulable": cordoned },
            "status": { "allocatable": { "cpu": "8", "nvidia.com/gpu": amount } } })
        };
        let sums = allocatable(&[node("8", false), node("8", true), node("4", false)]);
        assert_eq!(sums, BTreeMap::from([("nvidia.com/gpu".to_owned(), 12)]));
        assert_eq!(allocatable(&[node("8", true)])["nvidia.com/gpu"], 0);
    }

    #[test]
    fn a_vendors_plus_is_dropped() {
        assert_eq!(kubernetes_version(&json!({ "major": "1", "minor": "36+" })), "1.36");
    }
}
