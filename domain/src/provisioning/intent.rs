//! What somebody asked for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::NamespaceName;

/// One namespace as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceIntent {
    /// The true key, carried by every object as a label.
    pub id: Uuid,
    /// This installation of the platform: two on one cluster must not fight.
    pub instance: Uuid,
    pub cluster: String,
    pub name: NamespaceName,
    pub team: String,
    pub service: String,
    pub environment: String,
    pub size: Size,
    /// Node resources such as `nvidia.com/gpu`, and how many of each; checked by [`super::check_grants`].
    pub accelerators: BTreeMap<String, u32>,
    /// Groups exactly as the API server sees them, its prefix included.
    pub editors: Vec<String>,
    pub viewers: Vec<String>,
    pub deletion_protected: bool,
    /// Grows with every change; a lower one is never written over a higher one.
    pub revision: i64,
}

/// How much a namespace may use without asking anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Size {
    Small,
    Medium,
    Large,
}

impl Size {
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// As in forms, the API and the database.
    pub fn value(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// The inverse of [`Size::value`].
    pub fn parse(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.value() == value)
    }

    /// Keys and amounts of the compute quota.
    pub fn hard(self) -> [(&'static str, &'static str); 12] {
        let [cpu, memory, memory_limit, ephemeral, storage, claims, pods, jobs, maps, secrets] = self.amounts();
        [
            ("requests.cpu", cpu),
            ("requests.memory", memory),
            ("limits.memory", memory_limit),
            ("requests.ephemeral-storage", ephemeral),
            ("requests.storage", storage),
            ("persistentvolumeclaims", claims),
            ("pods", pods),
            ("services.loadbalancers", "0"),
            ("services.nodeports", "0"),
            ("count/jobs.batch", jobs),
            ("count/configmaps", maps),
            ("count/secrets", secrets),
        ]
    }

    fn amounts(self) -> [&'static str; 10] {
        match self {
            Self::Small => ["4", "8Gi", "16Gi", "50Gi", "100Gi", "10", "50", "100", "100", "100"],
            Self::Medium => ["16", "32Gi", "64Gi", "200Gi", "500Gi", "20", "100", "250", "150", "150"],
            Self::Large => ["64", "128Gi", "192Gi", "500Gi", "2Ti", "40", "250", "500", "200", "200"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Quantity;
    use super::*;

    #[test]
    fn sizes_are_read_back_and_grow() {
        for size in Size::ALL {
            assert_eq!(Size::parse(size.value()), Some(size));
        }
        assert_eq!(Size::parse("huge"), None);
        for pair in Size::ALL.windows(2) {
            for ((key, smaller), (_, larger)) in pair[0].hard().into_iter().zip(pair[1].hard()) {
                assert!(Quantity::parse(smaller).is_some(), "{key}");
                assert!(Quantity::parse(smaller) <= Quantity::parse(larger), "{key}");
            }
        }
    }
}
