//! What stands in the cluster.

use domain::delivery::{FluxKind, Observed, SourceState, addresses, pods, source_state, sync_state, workload};
use serde_json::Value;

use super::{Pass, Place, Source, Stop};
use crate::cluster::{Failure, Running};

/// One place as it was found, and what became of it during the pass.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) repository: Option<Value>,
    pub(super) kustomization: Option<Value>,
    pub(super) workloads: Vec<(&'static str, Value)>,
    pub(super) pods: Vec<Value>,
    pub(super) services: Vec<Value>,
    /// The first call that the cluster refused.
    pub(super) failure: Option<Failure>,
    /// What others changed and was put back.
    pub(super) healed: Vec<String>,
    /// A sentence: what the platform itself waits for here.
    pub(super) waits_for: Option<String>,
}

impl Seen {
    pub(super) fn object(&mut self, kind: FluxKind) -> &mut Option<Value> {
        match kind {
            FluxKind::GitRepository => &mut self.repository,
            FluxKind::Kustomization => &mut self.kustomization,
        }
    }

    /// Nothing was refused here, so that more can be tried.
    pub(super) fn is_in_order(&self) -> bool {
        self.failure.is_none() && self.waits_for.is_none()
    }

    /// A refusal stays with this place; an outage ends the pass.
    pub(super) fn attempt<T>(&mut self, answer: Result<T, Failure>) -> Result<Option<T>, Stop> {
        match answer {
            Ok(value) => Ok(Some(value)),
            Err(failure) if failure.class.is_outage() => Err(Stop::Cluster(failure)),
            Err(failure) => {
                self.failure.get_or_insert(failure);
                Ok(None)
            }
        }
    }

    pub(super) fn source(&self) -> Option<SourceState> {
        self.repository.as_ref().map(source_state)
    }

    pub(super) fn observed(&self) -> Observed {
        Observed {
            source: self.source(),
            sync: self.kustomization.as_ref().map(sync_state),
            workloads: self.workloads.iter().map(|(kind, object)| workload(kind, object)).collect(),
            pods: self.workloads.iter().flat_map(|(_, object)| pods(object, &self.pods)).collect(),
            addresses: self.services.iter().flat_map(addresses).collect(),
        }
    }
}

/// The engine's objects in each place, in the order of the places.
pub(super) async fn before(pass: &Pass<'_>, source: &Source) -> Result<Vec<Seen>, Stop> {
    let mut all = Vec::new();
    for place in &source.places {
        let mut seen = Seen::default();
        if !place.has_namespace {
            seen.waits_for = Some("Its namespace is not ready yet. The delivery goes on by itself when it is.".into());
        }
        for kind in FluxKind::ALL {
            let found = pass.cluster.find_flux(place.namespace(), kind).await;
            *seen.object(kind) = seen.attempt(found)?.flatten();
        }
        all.push(seen);
    }
    Ok(all)
}

/// What runs, read after everything was put right.
pub(super) async fn running(pass: &Pass<'_>, place: &Place, seen: &mut Seen) -> Result<(), Stop> {
    let found = pass.cluster.running_in(place.namespace()).await;
    if let Some(Running { workloads, pods, services }) = seen.attempt(found)? {
        (seen.workloads, seen.pods, seen.services) = (workloads, pods, services);
    }
    Ok(())
}
