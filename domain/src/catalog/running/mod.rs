//! What runs in clusters, and which entity of the catalog it belongs to. Kubernetes objects are JSON here; everything is a
//! function of its arguments.

mod claim;
mod environment;
mod kept_by;
mod kind;
mod offer;
mod seen;
mod selector;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use claim::{CLUSTER, Claim, ID, NAMESPACE, Place, SELECTOR};
pub use environment::{Environment, environment, rank};
pub use kept_by::Manager;
pub use kind::WorkloadKind;
pub use offer::{
    Group, Grouped, NAMESPACE_TYPE, document, fitting_name, grouped, is_systems, marks, namespace_document,
};
pub use seen::{Seen, SeenNamespace, namespace, workload};
pub use selector::{Requirement, Selector, SelectorError};

/// Labels of an object, by their keys.
pub type Labels = BTreeMap<String, String>;
