//! Everything that runs in a cluster, whoever it belongs to: watched, and never written.

use domain::catalog::running::WorkloadKind;
use futures::Stream;
use kube::{
    api::DynamicObject,
    runtime::watcher::{self, Event},
};

use super::Cluster;

/// An event of a watch, or the break after which it goes on or lists again.
pub(crate) type RunningEvent = Result<Event<DynamicObject>, watcher::Error>;

/// What is followed in the whole of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RunningKind {
    /// For its labels.
    Namespace,
    Workload(WorkloadKind),
}

impl RunningKind {
    pub(crate) const ALL: [Self; 5] = [
        Self::Namespace,
        Self::Workload(WorkloadKind::Deployment),
        Self::Workload(WorkloadKind::StatefulSet),
        Self::Workload(WorkloadKind::DaemonSet),
        Self::Workload(WorkloadKind::CronJob),
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Namespace => "Namespace",
            Self::Workload(kind) => kind.as_str(),
        }
    }
}

impl Cluster {
    /// All objects of the kind.
    pub(crate) fn watch_running(&self, kind: RunningKind) -> impl Stream<Item = RunningEvent> + use<> {
        let (group, plural) = match kind {
            RunningKind::Namespace => ("", "namespaces"),
            RunningKind::Workload(kind) => (kind.group(), kind.plural()),
        };
        self.watch_with_breaks(group, kind.as_str(), plural, watcher::Config::default())
    }
}
