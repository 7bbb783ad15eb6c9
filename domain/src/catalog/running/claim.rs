//! What an entity says of itself that makes a workload its own (the annotations of Backstage's Kubernetes plugin).

use serde_json::Value;

use super::{Labels, Selector, SelectorError};

/// The entity's annotation, and the label of the same key on objects. Without the annotation the name stands for it.
pub const ID: &str = "backstage.io/kubernetes-id";
/// Wins over the id.
pub const SELECTOR: &str = "backstage.io/kubernetes-label-selector";
/// Narrow what is claimed to one namespace, and to one cluster by the name that the platform calls it.
pub const NAMESPACE: &str = "backstage.io/kubernetes-namespace";
pub const CLUSTER: &str = "backstage.io/kubernetes-cluster";

/// Which workloads an entity claims, outside of namespaces that the platform keeps: in those the intent alone decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    by: Selector,
    namespace: Option<String>,
    cluster: Option<String>,
}

/// Where a workload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    pub cluster: &'a str,
    pub namespace: &'a str,
}

impl Claim {
    /// Of an entity; an id that cannot be the value of a label claims nothing and is no mistake.
    pub fn of(document: &Value) -> Result<Option<Self>, SelectorError> {
        let metadata = &document["metadata"];
        let said = |key: &str| metadata["annotations"][key].as_str().map(str::trim).filter(|text| !text.is_empty());
        let by = match (said(SELECTOR), said(ID).or_else(|| metadata["name"].as_str())) {
            (Some(selector), _) => Selector::parse(selector)?,
            (None, Some(id)) => Selector::equal_to(&Labels::from([(ID.to_owned(), id.to_owned())])),
            (None, None) => return Ok(None),
        };
        let owned = |text: &str| text.to_owned();
        Ok(Some(Self { by, namespace: said(NAMESPACE).map(owned), cluster: said(CLUSTER).map(owned) }))
    }

    pub fn holds(&self, at: Place<'_>, labels: &Labels) -> bool {
        let is = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
        is(&self.namespace, at.namespace) && is(&self.cluster, at.cluster) && self.by.selects(labels)
    }

    /// Labels that everything has which is claimed.
    pub fn certain(&self) -> Labels {
        self.by.certain()
    }
}
