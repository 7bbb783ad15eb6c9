//! What the cluster last said of one environment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::address::Address;
use crate::{provisioning::ConditionStatus, scaffold::tree::CommitId};

/// Everything that was read in one look; kept as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Observed {
    /// The GitRepository; `None` while there is none.
    pub source: Option<SourceState>,
    /// The Kustomization; `None` while there is none.
    pub sync: Option<SyncState>,
    pub workloads: Vec<Workload>,
    pub pods: Vec<Pod>,
    /// Where it is reached within the cluster.
    #[serde(default)]
    pub addresses: Vec<Address>,
}

/// A condition that an engine reports of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    pub status: ConditionStatus,
    /// One word for machines.
    pub reason: String,
    /// The engine's own sentence.
    pub message: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub since: Option<OffsetDateTime>,
}

/// What was fetched from Git.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceState {
    pub commit: Option<CommitId>,
    pub ready: Option<Report>,
}

/// What was applied of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncState {
    /// The last commit that was applied in full.
    pub applied: Option<CommitId>,
    /// The last commit that was tried.
    pub attempted: Option<CommitId>,
    pub ready: Option<Report>,
}

/// Something that keeps pods running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workload {
    pub kind: String,
    pub name: String,
    /// Of its containers, as the workload names them.
    pub images: Vec<String>,
    pub desired: u32,
    pub updated: u32,
    pub ready: u32,
    /// All replicas are of the latest template and available.
    pub is_available: bool,
    /// Why pods cannot be made, in the API server's words.
    pub failure: Option<Report>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pod {
    pub name: String,
    /// Name of the workload that it belongs to.
    pub workload: String,
    pub phase: String,
    pub is_ready: bool,
    pub node: Option<String>,
    pub images: Vec<String>,
    /// Cards, slices and shares that it holds, by the names that nodes give them.
    pub accelerators: BTreeMap<String, u32>,
    pub trouble: Option<PodTrouble>,
}

/// Why a pod does not run, as the scheduler or the node says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PodTrouble {
    /// Such as `Unschedulable` or `ImagePullBackOff`.
    pub reason: String,
    pub message: String,
}

impl Report {
    pub fn is_true(&self) -> bool {
        self.status == ConditionStatus::True
    }

    pub fn is_false(&self) -> bool {
        self.status == ConditionStatus::False
    }
}

impl Observed {
    /// Of all workloads together: ready and desired.
    pub fn replicas(&self) -> (u32, u32) {
        self.workloads.iter().fold((0, 0), |(ready, desired), w| (ready + w.ready, desired + w.desired))
    }

    /// Every image that a workload names, each once, in order.
    pub fn images(&self) -> Vec<&str> {
        let mut images: Vec<&str> = Vec::new();
        for image in self.workloads.iter().flat_map(|w| &w.images) {
            if !images.contains(&image.as_str()) {
                images.push(image);
            }
        }
        images
    }

    /// There is something that should run, and all of it does.
    pub fn is_available(&self) -> bool {
        !self.workloads.is_empty() && self.workloads.iter().all(|w| w.is_available)
    }
}
