//! What delivery reads and writes: the engine's two kinds, the credential, and the workloads that it applied.

use domain::{
    delivery::{CREDENTIAL, FluxKind, WORKLOAD_SELECTOR},
    provisioning::INSTANCE_LABEL,
};
use futures::Stream;
use kube::{
    api::DynamicObject,
    runtime::watcher::{self, Event},
};
use serde_json::{Value, json};

use super::{Cluster, Failure, FailureClass, call::Op};

/// Kinds that keep pods running, with their plural.
pub(crate) const WORKLOAD_KINDS: [(&str, &str); 3] =
    [("Deployment", "deployments"), ("StatefulSet", "statefulsets"), ("DaemonSet", "daemonsets")];

/// What stands in one namespace of all that was applied for us, and every pod.
pub(crate) struct Running {
    pub(crate) workloads: Vec<(&'static str, Value)>,
    pub(crate) pods: Vec<Value>,
    pub(crate) services: Vec<Value>,
}

const APPS: &str = "apps";
/// Makes the engine look at once instead of at the end of its interval.
const REQUESTED_AT: &str = "reconcile.fluxcd.io/requestedAt";

impl Cluster {
    pub(crate) async fn find_flux(&self, namespace: &str, kind: FluxKind) -> Result<Option<Value>, Failure> {
        match self.call(&flux_path(namespace, kind), Op::Get(kind.object())).await {
            Ok(object) => Ok(Some(object)),
            Err(failure) if failure.class == FailureClass::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Server-side apply of the whole object; a known uid goes with it.
    pub(crate) async fn apply_flux(
        &self,
        namespace: &str,
        kind: FluxKind,
        body: &Value,
        uid: Option<&str>,
    ) -> Result<Value, Failure> {
        let mut body = body.clone();
        if let Some(uid) = uid {
            body["metadata"]["uid"] = uid.into();
        }
        self.call(&flux_path(namespace, kind), Op::Apply(kind.object(), &body)).await
    }

    /// Takes keys that others added out of exactly the version that was read.
    pub(crate) async fn trim_flux(
        &self,
        namespace: &str,
        kind: FluxKind,
        read: &Value,
        paths: &[Vec<String>],
    ) -> Result<Value, Failure> {
        let body = super::objects::without(read, paths);
        self.call(&flux_path(namespace, kind), Op::Merge(kind.object(), &body)).await
    }

    /// Asks the engine to look at the repository now; `at` is any text that differs from the one before.
    pub(crate) async fn request_sync(&self, namespace: &str, at: &str) -> Result<(), Failure> {
        let body = json!({ "metadata": { "annotations": { REQUESTED_AT: at } } });
        let kind = FluxKind::GitRepository;
        self.call(&flux_path(namespace, kind), Op::Merge(kind.object(), &body)).await.map(drop)
    }

    /// Written and never read back.
    pub(crate) async fn apply_credential(&self, namespace: &str, body: &Value) -> Result<(), Failure> {
        let path = format!("/api/v1/namespaces/{namespace}/secrets");
        self.call(&path, Op::Apply(CREDENTIAL, body)).await.map(drop)
    }

    /// The workloads and services that the engine applied for us, and all pods of the namespace.
    pub(crate) async fn running_in(&self, namespace: &str) -> Result<Running, Failure> {
        let mut workloads = Vec::new();
        for (kind, plural) in WORKLOAD_KINDS {
            let items = self.list_all(&format!("/apis/{APPS}/v1/namespaces/{namespace}/{plural}")).await?;
            workloads.extend(items.into_iter().filter(is_applied_for_us).map(|item| (kind, item)));
        }
        let pods = self.list_all(&format!("/api/v1/namespaces/{namespace}/pods")).await?;
        let services = self.list_all(&format!("/api/v1/namespaces/{namespace}/services")).await?;
        let services = services.into_iter().filter(is_applied_for_us).collect();
        Ok(Running { workloads, pods, services })
    }

    pub(crate) fn watch_flux(
        &self,
        kind: FluxKind,
        instance: &str,
    ) -> impl Stream<Item = Event<DynamicObject>> + use<> {
        let config = watcher::Config::default().labels(&format!("{INSTANCE_LABEL}={instance}"));
        self.watch(kind.group(), kind.as_str(), kind.plural(), config)
    }

    pub(crate) fn watch_workloads(&self, kind: &str, plural: &str) -> impl Stream<Item = Event<DynamicObject>> + use<> {
        self.watch(APPS, kind, plural, watcher::Config::default().labels(WORKLOAD_SELECTOR))
    }
}

fn is_applied_for_us(object: &Value) -> bool {
    WORKLOAD_SELECTOR.split_once('=').is_some_and(|(key, value)| object["metadata"]["labels"][key] == value)
}

fn flux_path(namespace: &str, kind: FluxKind) -> String {
    format!("/apis/{}/v1/namespaces/{namespace}/{}", kind.group(), kind.plural())
}
