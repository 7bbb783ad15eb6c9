//! One Kubernetes cluster, spoken to as JSON over its own client with our own deadline around every call.

mod call;
mod connect;
mod credential;
mod delivery;
mod dry_run;
mod evidence;
mod failure;
mod foreign;
mod objects;
mod pressure;
mod probe;
mod rights;
mod running;
mod watch;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

pub use connect::{Endpoint, Kubeconfig, connect};
pub(crate) use delivery::{Running, WORKLOAD_KINDS};
pub(crate) use dry_run::{Question, Served};
pub(crate) use evidence::NamespaceEvidence;
pub use failure::{Failure, FailureClass};
pub(crate) use foreign::Foreign;
pub(crate) use running::{RunningEvent, RunningKind};
pub(crate) use watch::{Seen, Watched};

/// A cheap handle; clones share connections and counters.
#[derive(Clone)]
pub struct Cluster {
    name: String,
    endpoint: Arc<Endpoint>,
    credential: Arc<credential::Credential>,
    pressure: Arc<pressure::Pressure>,
    writes: Arc<AtomicU64>,
}

impl Cluster {
    /// The name by which the platform knows it, such as `local`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its API server is, for the kubeconfigs of people.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Requests sent that can change something, dry runs included.
    pub fn writes_sent(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Cluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cluster").field("name", &self.name).finish_non_exhaustive()
    }
}
