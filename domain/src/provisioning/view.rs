//! A namespace as the API and the pages show it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::{Condition, ConditionStatus, ConditionType, DriftClass, Severity, Size};
use crate::catalog::EntityRef;

/// What is not known is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamespaceView {
    pub cluster: String,
    pub name: String,
    /// Of the Namespace in the cluster.
    pub uid: Option<String>,
    /// Such as `group:default/payments`.
    pub team: EntityRef,
    /// Such as `component:default/checkout`.
    pub service: EntityRef,
    pub environment: String,
    pub size: Size,
    /// Grows with every change of what was asked for.
    pub revision: i64,
    /// The last one that was carried out in full.
    pub observed_revision: i64,
    pub conditions: Vec<Condition>,
    pub quota: Vec<QuotaLine>,
    /// The latest first.
    pub drift: Vec<DriftLine>,
}

/// One key of one quota, as Kubernetes quantities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuotaLine {
    /// Such as `waymark-gpu`.
    pub object: String,
    pub resource: String,
    pub spec: Option<String>,
    pub enforced: Option<String>,
    pub used: Option<String>,
}

/// One change by somebody else, and when it was put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DriftLine {
    /// Such as `ResourceQuota/waymark-gpu`.
    pub object: String,
    /// Such as `spec.hard.requests.nvidia.com/gpu`; empty for a whole object.
    pub field: String,
    pub class: DriftClass,
    pub severity: Severity,
    /// As it should be.
    pub before: Option<Value>,
    /// As it was found.
    pub after: Option<Value>,
    /// What the client that changed it called itself.
    pub manager: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub detected_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub healed_at: Option<OffsetDateTime>,
}

impl NamespaceView {
    pub fn condition(&self, kind: ConditionType) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.kind == kind)
    }

    pub fn is_ready(&self) -> bool {
        self.condition(ConditionType::Ready).is_some_and(|c| c.status == ConditionStatus::True)
    }
}
