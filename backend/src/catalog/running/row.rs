//! A workload as it is stored, and as people see it.

use domain::{
    catalog::running::{Environment, Labels, Manager, WorkloadKind, environment},
    delivery::WORKLOAD_SELECTOR,
};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// Of the view `running`.
pub(super) struct Row {
    pub(super) cluster: String,
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) labels: Value,
    pub(super) images: Vec<String>,
    pub(super) wanted: Option<i32>,
    pub(super) ready: Option<i32>,
    pub(super) manager: Option<String>,
    pub(super) manager_name: Option<String>,
    pub(super) changed_at: OffsetDateTime,
    pub(super) namespace_labels: Value,
    /// Of the namespace's intent.
    pub(super) environment: Option<String>,
}

/// Something that keeps pods running, as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RunningView {
    pub cluster: String,
    pub namespace: String,
    pub kind: WorkloadKind,
    pub name: String,
    /// Null where nothing says it.
    pub environment: Option<Environment>,
    pub images: Vec<String>,
    /// Pods that should run and that are ready; null where the cluster has not said, and for what runs at times.
    pub wanted: Option<i32>,
    pub ready: Option<i32>,
    /// Null where nothing says it.
    pub managed_by: Option<ManagedBy>,
    /// When what is told here changed last.
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
    /// It came from the repository that the platform delivers to its namespace.
    pub is_delivered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ManagedBy {
    pub engine: Manager,
    /// What the engine calls what it is part of.
    pub name: String,
}

impl RunningView {
    /// All that should run does; `None` where that is not known.
    pub fn is_whole(&self) -> Option<bool> {
        match (self.kind, self.wanted, self.ready) {
            (WorkloadKind::CronJob, ..) => Some(true),
            (_, Some(wanted), Some(ready)) => Some(ready >= wanted),
            _ => None,
        }
    }
}

impl Row {
    /// Only kinds that are followed are stored.
    pub(super) fn view(self) -> Option<RunningView> {
        let found = labels(&self.labels);
        let is_kept = self.environment.is_some();
        let environment = match self.environment {
            Some(name) => Some(Environment { name, label: None, is_of_namespace: true }),
            None => environment(&found, &labels(&self.namespace_labels)),
        };
        let engine = self.manager.as_deref().and_then(Manager::of_word);
        let is_marked = |(key, value): (&str, &str)| found.get(key).is_some_and(|found| found == value);
        Some(RunningView {
            kind: WorkloadKind::of(&self.kind)?,
            managed_by: engine.zip(self.manager_name).map(|(engine, name)| ManagedBy { engine, name }),
            cluster: self.cluster,
            namespace: self.namespace,
            name: self.name,
            environment,
            images: self.images,
            wanted: self.wanted,
            ready: self.ready,
            changed_at: self.changed_at,
            // Elsewhere another installation may deliver under the same name.
            is_delivered: is_kept && WORKLOAD_SELECTOR.split_once('=').is_some_and(is_marked),
        })
    }
}

pub(super) fn labels(value: &Value) -> Labels {
    serde_json::from_value(value.clone()).unwrap_or_default()
}
