//! What is kept of an object of the cluster: little, within limits, and never what a container is given.

use serde::Serialize;
use serde_json::Value;

use super::{ID, Labels, Manager, WorkloadKind, kept_by::manager};

/// A workload as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Seen {
    pub uid: String,
    pub namespace: String,
    pub name: String,
    /// The cluster's own count of changes.
    pub version: i64,
    pub labels: Labels,
    /// Of its containers, as the workload names them.
    pub images: Vec<String>,
    /// Pods that should run; `None` where the cluster has not said yet, and where there is no such number.
    pub wanted: Option<i32>,
    /// Pods that are ready; `None` where the cluster has not said yet, and where there is no such number.
    pub ready: Option<i32>,
    /// A word of [`Manager`].
    pub manager: Option<&'static str>,
    pub manager_name: Option<String>,
    /// RFC 3339.
    pub made_at: Option<String>,
}

/// A namespace as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct SeenNamespace {
    pub uid: String,
    pub name: String,
    pub version: i64,
    pub labels: Labels,
}

const MOST_LABELS: usize = 64;
const MOST_IMAGES: usize = 20;
const LONGEST: usize = 512;

/// `None` for what has no name or no number as its version.
pub fn workload(kind: WorkloadKind, object: &Value) -> Option<Seen> {
    let metadata = &object["metadata"];
    let (wanted, ready) = replicas(kind, object);
    let pod = match kind {
        WorkloadKind::CronJob => &object["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        _ => &object["spec"]["template"]["spec"],
    };
    let (manager, manager_name) = manager(metadata).map(|(by, name)| (Manager::word(by), plain(&name))).unzip();
    Some(Seen {
        uid: text(&metadata["uid"])?,
        namespace: text(&metadata["namespace"])?,
        name: text(&metadata["name"])?,
        version: version(metadata)?,
        labels: labels(metadata),
        images: images(pod),
        wanted,
        ready,
        manager,
        manager_name,
        made_at: text(&metadata["creationTimestamp"]),
    })
}

pub fn namespace(object: &Value) -> Option<SeenNamespace> {
    let metadata = &object["metadata"];
    Some(SeenNamespace {
        uid: text(&metadata["uid"])?,
        name: text(&metadata["name"])?,
        version: version(metadata)?,
        labels: labels(metadata),
    })
}

/// A status that was not written yet holds no numbers; one that was leaves out those that are zero.
fn replicas(kind: WorkloadKind, object: &Value) -> (Option<i32>, Option<i32>) {
    let (spec, status) = (&object["spec"], &object["status"]);
    let is_reported = status["observedGeneration"].is_i64();
    let number = |value: &Value| value.as_i64().and_then(|n| i32::try_from(n).ok());
    let reported = |key: &str| is_reported.then(|| number(&status[key]).unwrap_or(0));
    match kind {
        // The server's default.
        WorkloadKind::Deployment | WorkloadKind::StatefulSet => {
            (Some(number(&spec["replicas"]).unwrap_or(1)), reported("readyReplicas"))
        }
        WorkloadKind::DaemonSet => (reported("desiredNumberScheduled"), reported("numberReady")),
        WorkloadKind::CronJob => (None, None),
    }
}

/// What people are told by stays, however many there are.
fn labels(metadata: &Value) -> Labels {
    let all = metadata["labels"].as_object().into_iter().flatten();
    let mut all: Vec<(String, String)> =
        all.filter_map(|(key, value)| Some((plain(key), plain(value.as_str()?)))).collect();
    let is_known = |key: &str| {
        key == ID
            || ["app.kubernetes.io/", "waymark.dev/", "kustomize.toolkit.fluxcd.io/"].iter().any(|p| key.starts_with(p))
            || ["app", "team", "owner", "environment", "env"].contains(&key)
    };
    all.sort_by_key(|(key, _)| !is_known(key));
    all.into_iter().take(MOST_LABELS).collect()
}

fn images(pod: &Value) -> Vec<String> {
    let containers = pod["containers"].as_array().into_iter().flatten();
    containers.filter_map(|container| container["image"].as_str().map(plain)).take(MOST_IMAGES).collect()
}

fn version(metadata: &Value) -> Option<i64> {
    metadata["resourceVersion"].as_str()?.parse().ok()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(plain)
}

/// The database takes no text with the character NUL.
fn plain(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(LONGEST).collect()
}
