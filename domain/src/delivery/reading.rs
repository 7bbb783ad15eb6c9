//! From the API server's answers to what they mean.

use std::collections::BTreeMap;

use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::observed::{Pod, PodTrouble, Report, SourceState, SyncState, Workload};
use crate::{
    provisioning::{ConditionStatus, is_accelerator},
    scaffold::tree::CommitId,
};

/// Of a GitRepository.
pub fn source_state(object: &Value) -> SourceState {
    SourceState { commit: commit(&object["status"]["artifact"]["revision"]), ready: condition(object, "Ready") }
}

/// Of a Kustomization.
pub fn sync_state(object: &Value) -> SyncState {
    SyncState {
        applied: commit(&object["status"]["lastAppliedRevision"]),
        attempted: commit(&object["status"]["lastAttemptedRevision"]),
        ready: condition(object, "Ready"),
    }
}

/// Of a Deployment, StatefulSet or DaemonSet.
pub fn workload(kind: &str, object: &Value) -> Workload {
    let status = &object["status"];
    let count = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
    let is_daemon = kind == "DaemonSet";
    let [desired, updated, ready, available] = if is_daemon {
        ["desiredNumberScheduled", "updatedNumberScheduled", "numberReady", "numberAvailable"]
            .map(|key| count(&status[key]).unwrap_or(0))
    } else {
        let [updated, ready, available] =
            ["updatedReplicas", "readyReplicas", "availableReplicas"].map(|key| count(&status[key]).unwrap_or(0));
        // The server's default.
        [count(&object["spec"]["replicas"]).unwrap_or(1), updated, ready, available]
    };
    let generation = |value: &Value| value.as_i64().unwrap_or(0);
    let is_seen = generation(&status["observedGeneration"]) >= generation(&object["metadata"]["generation"]);
    Workload {
        kind: kind.to_owned(),
        name: text(&object["metadata"]["name"]),
        images: images(&object["spec"]["template"]["spec"]),
        desired,
        updated,
        ready,
        is_available: is_seen && updated >= desired && available >= desired,
        failure: failure(object),
    }
}

/// The pods among `items` that the selector of a workload chooses; those that are going are left out.
pub fn pods(workload: &Value, items: &[Value]) -> Vec<Pod> {
    let Some(wanted) = workload["spec"]["selector"]["matchLabels"].as_object().filter(|labels| !labels.is_empty())
    else {
        return Vec::new();
    };
    let name = text(&workload["metadata"]["name"]);
    let is_chosen = |pod: &&Value| {
        pod["metadata"]["deletionTimestamp"].is_null()
            && wanted.iter().all(|(key, value)| pod["metadata"]["labels"].get(key) == Some(value))
    };
    items.iter().filter(is_chosen).map(|pod| self::pod(&name, pod)).collect()
}

fn pod(workload: &str, object: &Value) -> Pod {
    let (spec, status) = (&object["spec"], &object["status"]);
    Pod {
        name: text(&object["metadata"]["name"]),
        workload: workload.to_owned(),
        phase: text(&status["phase"]),
        is_ready: condition(object, "Ready").is_some_and(|report| report.is_true()),
        node: spec["nodeName"].as_str().map(str::to_owned),
        images: images(spec),
        accelerators: accelerators(spec),
        trouble: waiting(status).or_else(|| unscheduled(object)).or_else(|| failed(status)),
    }
}

/// A container that cannot start, unless it is only about to.
fn waiting(status: &Value) -> Option<PodTrouble> {
    let lists = ["initContainerStatuses", "containerStatuses"].into_iter().filter_map(|key| status[key].as_array());
    let mut waiting = lists.flatten().map(|container| &container["state"]["waiting"]).filter(|w| w.is_object());
    waiting.find_map(|waiting| {
        let reason = waiting["reason"].as_str().filter(|r| !matches!(*r, "ContainerCreating" | "PodInitializing"))?;
        Some(PodTrouble { reason: reason.to_owned(), message: text(&waiting["message"]) })
    })
}

fn unscheduled(object: &Value) -> Option<PodTrouble> {
    let report = condition(object, "PodScheduled").filter(Report::is_false)?;
    Some(PodTrouble { reason: report.reason, message: report.message })
}

fn failed(status: &Value) -> Option<PodTrouble> {
    let is_failed = status["phase"] == "Failed";
    is_failed.then(|| PodTrouble {
        reason: status["reason"].as_str().unwrap_or("Failed").to_owned(),
        message: text(&status["message"]),
    })
}

/// Pods that cannot be made, else a roll-out that has come to a halt.
fn failure(object: &Value) -> Option<Report> {
    let refused = condition(object, "ReplicaFailure").filter(Report::is_true);
    refused.or_else(|| condition(object, "Progressing").filter(Report::is_false))
}

fn condition(object: &Value, kind: &str) -> Option<Report> {
    let conditions = object["status"]["conditions"].as_array()?;
    let found = conditions.iter().find(|condition| condition["type"] == kind)?;
    Some(Report {
        status: found["status"].as_str().and_then(ConditionStatus::parse).unwrap_or(ConditionStatus::Unknown),
        reason: text(&found["reason"]),
        message: text(&found["message"]),
        since: found["lastTransitionTime"].as_str().and_then(|at| OffsetDateTime::parse(at, &Rfc3339).ok()),
    })
}

fn images(pod_spec: &Value) -> Vec<String> {
    let containers = pod_spec["containers"].as_array().into_iter().flatten();
    containers.filter_map(|container| container["image"].as_str().map(str::to_owned)).collect()
}

fn accelerators(pod_spec: &Value) -> BTreeMap<String, u32> {
    let mut held = BTreeMap::new();
    for container in pod_spec["containers"].as_array().into_iter().flatten() {
        for (name, count) in container["resources"]["limits"].as_object().into_iter().flatten() {
            let count = count.as_u64().or_else(|| count.as_str()?.parse().ok()).and_then(|n| u32::try_from(n).ok());
            if let Some(count) = count.filter(|_| is_accelerator(name)) {
                *held.entry(name.clone()).or_insert(0) += count;
            }
        }
    }
    held
}

/// Flux writes `main@sha1:<id>`; what is no commit of ours is none.
fn commit(revision: &Value) -> Option<CommitId> {
    revision.as_str()?.rsplit([':', '/', '@']).next()?.parse().ok()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    fn deployment() -> Value {
        json!({
            "metadata": { "name": "checkout", "generation": 3 },
            "spec": { "replicas": 2, "selector": { "matchLabels": { "app": "checkout" } },
                "template": { "spec": { "containers": [{ "image": "a:1" }] } } },
            "status": { "observedGeneration": 3, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2 },
        })
    }

    #[test]
    fn revisions_of_flux_name_commits() {
        for revision in [format!("main@sha1:{ID}"), format!("main/{ID}"), format!("refs/heads/a@sha1:{ID}")] {
            assert_eq!(commit(&json!(revision)).map(String::from).as_deref(), Some(ID), "{revision}");
        }
        assert_eq!(commit(&json!("main@sha256:00")), None);
        assert_eq!(commit(&Value::Null), None);
    }

    #[test]
    fn a_workload_is_available_when_all_replicas_are_of_the_latest_template() {
        assert!(workload("Deployment", &deployment()).is_available);
        for (key, value) in [("observedGeneration", 2), ("updatedReplicas", 1), ("availableReplicas", 1)] {
            let mut behind = deployment();
            behind["status"][key] = value.into();
            assert!(!workload("Deployment", &behind).is_available, "{key}");
        }
        let daemon = json!({ "status": { "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberReady": 1,
            "numberAvailable": 1 } });
        let daemon = workload("DaemonSet", &daemon);
        assert_eq!((daemon.desired, daemon.ready, daemon.is_available), (2, 1, false));
    }

    #[test]
    fn refused_pods_are_told_before_a_halted_roll_out() {
        let mut object = deployment();
        object["status"]["conditions"] = json!([
            { "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "late" },
            { "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": "exceeded quota: x" },
        ]);
        assert_eq!(workload("Deployment", &object).failure.unwrap().message, "exceeded quota: x");
        object["status"]["conditions"][1]["status"] = "False".into();
        assert_eq!(workload("Deployment", &object).failure.unwrap().reason, "ProgressDeadlineExceeded");
    }

    #[test]
    fn pods_are_chosen_by_labels_and_say_what_is_wrong() {
        let pod = |name: &str, app: &str, status: Value| {
            json!({ "metadata": { "name": name, "labels": { "app": app } },
            "spec": { "nodeName": "gpu-1", "containers": [{ "image": "a:1",
                "resources": { "limits": { "nvidia.com/gpu": "2", "memory": "1Gi" } } }] }, "status": status })
        };
        let waiting = json!({ "phase": "Pending", "containerStatuses": [
            { "state": { "waiting": { "reason": "ImagePullBackOff", "message": "no such image" } } }] });
        let starting = json!({ "containerStatuses": [{ "state": { "waiting": { "reason": "ContainerCreating" } } }] });
        let no_room = json!({ "conditions": [
            { "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/5 nodes" }] });
        let mut going = pod("d", "checkout", json!({}));
        going["metadata"]["deletionTimestamp"] = "2026-11-21T09:00:00Z".into();
        let items = [
            pod("a", "checkout", waiting),
            pod("b", "checkout", starting),
            pod("c", "checkout", no_room),
            going,
            pod("e", "other", json!({})),
        ];
        let found = pods(&deployment(), &items);
        let troubles: Vec<_> = found.iter().map(|p| p.trouble.as_ref().map(|t| t.reason.as_str())).collect();
        assert_eq!(troubles, [Some("ImagePullBackOff"), None, Some("Unschedulable")]);
        assert_eq!((found[0].accelerators["nvidia.com/gpu"], found[0].node.as_deref()), (2, Some("gpu-1")));
        assert!(pods(&json!({ "spec": { "selector": { "matchLabels": {} } } }), &items).is_empty());
    }
}
