//! Everything that rules ask about one namespace, read in one look.

use serde_json::Value;

use super::{Cluster, Failure, FailureClass, call::Op, delivery::WORKLOAD_KINDS};

/// The objects as the API server gave them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NamespaceEvidence {
    pub(crate) namespace: Value,
    /// With their kinds.
    pub(crate) workloads: Vec<(&'static str, Value)>,
    pub(crate) pods: Vec<Value>,
    pub(crate) disruption_budgets: Vec<Value>,
    pub(crate) network_policies: Vec<Value>,
    pub(crate) quotas: Vec<Value>,
    pub(crate) limit_ranges: Vec<Value>,
}

impl Cluster {
    /// `None` when there is no such namespace.
    pub(crate) async fn evidence(&self, namespace: &str) -> Result<Option<NamespaceEvidence>, Failure> {
        let object = match self.call("/api/v1/namespaces", Op::Get(namespace)).await {
            Ok(object) => object,
            Err(failure) if failure.class == FailureClass::NotFound => return Ok(None),
            Err(failure) => return Err(failure),
        };
        let core = |plural: &str| format!("/api/v1/namespaces/{namespace}/{plural}");
        let of = |group: &str, plural: &str| format!("/apis/{group}/v1/namespaces/{namespace}/{plural}");
        let mut workloads = Vec::new();
        for (kind, plural) in WORKLOAD_KINDS {
            workloads.extend(self.list_all(&of("apps", plural)).await?.into_iter().map(|item| (kind, item)));
        }
        Ok(Some(NamespaceEvidence {
            namespace: object,
            workloads,
            pods: self.list_all(&core("pods")).await?,
            disruption_budgets: self.list_all(&of("policy", "poddisruptionbudgets")).await?,
            network_policies: self.list_all(&of("networking.k8s.io", "networkpolicies")).await?,
            quotas: self.list_all(&core("resourcequotas")).await?,
            limit_ranges: self.list_all(&core("limitranges")).await?,
        }))
    }
}
