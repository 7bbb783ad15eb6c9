//! How much a change by somebody else matters.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Difference, ObjectKey, ObjectKind, Quantity, is_accelerator};

/// From harmless to grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Cosmetic,
    /// Something may stop working.
    Availability,
    /// More can be used than was agreed.
    Budget,
    /// A fence is down.
    Security,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cosmetic => "cosmetic",
            Self::Availability => "availability",
            Self::Budget => "budget",
            Self::Security => "security",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Cosmetic, Self::Availability, Self::Budget, Self::Security].into_iter().find(|s| s.as_str() == text)
    }
}

/// Of an object of ours that is gone.
pub(super) fn of_missing(key: &ObjectKey) -> Severity {
    match key.kind {
        ObjectKind::NetworkPolicy => Severity::Security,
        ObjectKind::ResourceQuota if key.name == "waymark-gpu" => Severity::Security,
        ObjectKind::ResourceQuota | ObjectKind::LimitRange => Severity::Budget,
        _ => Severity::Availability,
    }
}

/// Of an object that somebody else put beside ours.
pub(super) fn of_foreign(kind: ObjectKind) -> Severity {
    match kind {
        ObjectKind::NetworkPolicy | ObjectKind::RoleBinding => Severity::Security,
        ObjectKind::LimitRange => Severity::Budget,
        _ => Severity::Availability,
    }
}

/// Of one place at which an object of ours was changed.
pub(super) fn of_difference(key: &ObjectKey, difference: &Difference) -> Severity {
    let path: Vec<&str> = difference.path.iter().map(String::as_str).collect();
    match (key.kind, path.as_slice()) {
        (_, ["metadata", "labels", label]) if is_fence(label) => Severity::Security,
        (_, ["metadata", ..]) => Severity::Cosmetic,
        (ObjectKind::ResourceQuota, ["spec", "hard", resource]) => of_quota(resource, difference),
        (ObjectKind::ResourceQuota, _) => of_missing(key),
        (ObjectKind::LimitRange, _) => Severity::Budget,
        _ => Severity::Security,
    }
}

fn is_fence(label: &str) -> bool {
    label.starts_with("pod-security.kubernetes.io/") || label == "resource.kubernetes.io/admin-access"
}

/// A key that is gone is no limit at all; one that was added can only tighten.
fn of_quota(resource: &str, difference: &Difference) -> Severity {
    let (Some(wanted), found) = (&difference.wanted, &difference.found) else { return Severity::Availability };
    let amount = |value: &Value| value.as_str().and_then(Quantity::parse);
    let raised = found.as_ref().is_none_or(|found| amount(found) > amount(wanted));
    let is_card = resource.contains("deviceclass") || resource.strip_prefix("requests.").is_some_and(is_accelerator);
    match (raised, is_card) {
        (true, true) => Severity::Security,
        (true, false) => Severity::Budget,
        (false, _) => Severity::Availability,
    }
}
