//! One environment, and how it stands.

use std::collections::HashMap;

use domain::{
    access::Viewer,
    catalog::{EntityRef, running::Environment},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::row::RunningView;
use crate::{
    Db, Result,
    delivery::{self, DeliveryView},
};

/// A service in a namespace of a cluster.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EnvironmentView {
    pub service: EntityRef,
    pub owner: Option<EntityRef>,
    /// Null where nothing names it.
    pub environment: Option<Environment>,
    pub cluster: String,
    pub namespace: String,
    /// The platform keeps the namespace.
    pub is_kept: bool,
    /// What Git says beside what the cluster does; null where the platform does not deliver it.
    pub delivery: Option<DeliveryView>,
    /// What runs there as the cluster says; empty for what the platform delivers.
    pub workloads: Vec<RunningView>,
    /// The cluster is away, nobody looks, or not everything was listed yet: what is said was seen before.
    pub is_stale: bool,
    /// How it stands; it can be stuck and behind at once.
    pub states: Vec<EnvironmentState>,
    /// Owner and name at the Git host, from which the platform delivers it.
    #[serde(skip)]
    pub(super) repository: Option<String>,
}

/// What an environment can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnvironmentState {
    /// Everything that should run does.
    Runs,
    /// Git holds something else for it than what runs.
    Behind,
    /// Something stands in the way, or not everything is ready that should be.
    Stuck,
    /// What runs is not known.
    Unknown,
}

impl EnvironmentState {
    pub const ALL: [Self; 4] = [Self::Runs, Self::Behind, Self::Stuck, Self::Unknown];

    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Behind => "behind",
            Self::Stuck => "stuck",
            Self::Unknown => "unknown",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

impl EnvironmentView {
    pub fn environment_name(&self) -> Option<&str> {
        self.environment.as_ref().map(|found| found.name.as_str())
    }

    pub(super) fn is(&self, state: EnvironmentState) -> bool {
        let Some(view) = &self.delivery else { return self.is_by_cluster(state) };
        let is_known = view.observed.is_some() && !view.is_stale;
        match state {
            EnvironmentState::Unknown => !is_known,
            EnvironmentState::Stuck => is_known && (!view.troubles.is_empty() || view.problem.is_some()),
            EnvironmentState::Behind => {
                view.pinned.as_ref().is_some_and(|pinned| pinned.is_behind()) || (is_known && !view.is_synced())
            }
            EnvironmentState::Runs => view.is_well(),
        }
    }

    fn is_by_cluster(&self, state: EnvironmentState) -> bool {
        let whole = self.is_whole();
        match state {
            EnvironmentState::Unknown => whole.is_none(),
            EnvironmentState::Stuck => whole == Some(false),
            EnvironmentState::Runs => whole == Some(true) && !self.workloads.is_empty(),
            EnvironmentState::Behind => false,
        }
    }

    /// All that should run does, by what the cluster says; `None` where that is not known.
    pub fn is_whole(&self) -> Option<bool> {
        if self.is_stale {
            return None;
        }
        let each: Vec<Option<bool>> = self.workloads.iter().map(RunningView::is_whole).collect();
        if each.contains(&Some(false)) {
            return Some(false);
        }
        each.into_iter().collect::<Option<Vec<bool>>>().map(|_| true)
    }
}

/// Puts what is delivered beside those that are delivered, and says how all of them stand.
pub(super) async fn describe(viewer: &Viewer, db: &Db, all: &mut [EnvironmentView]) -> Result<()> {
    let missing = all.iter().filter(|found| found.delivery.is_none());
    let mut repositories: Vec<String> = missing.filter_map(|found| found.repository.clone()).collect();
    repositories.sort();
    repositories.dedup();
    let views = match repositories.is_empty() {
        true => Vec::new(),
        false => delivery::views(viewer, db, &repositories).await?,
    };
    let mut by_place: HashMap<(String, String), DeliveryView> =
        views.into_iter().map(|view| ((view.cluster.clone(), view.namespace.clone()), view)).collect();
    for found in all {
        if let Some(view) = by_place.remove(&(found.cluster.clone(), found.namespace.clone())) {
            found.delivery = Some(view);
        }
        found.states = EnvironmentState::ALL.into_iter().filter(|state| found.is(*state)).collect();
    }
    Ok(())
}
