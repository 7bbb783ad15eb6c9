//! From the API server's objects to what rules ask about.

use serde_json::{Value, json};

use crate::cluster::NamespaceEvidence;

/// Deployments, StatefulSets and DaemonSets with their containers.
pub(super) fn workloads(seen: &NamespaceEvidence) -> Value {
    let told = |(kind, object): &(&str, Value)| {
        let status = &object["status"];
        let ready = if *kind == "DaemonSet" { &status["numberReady"] } else { &status["readyReplicas"] };
        json!({
            "kind": kind,
            "name": object["metadata"]["name"],
            "ready": ready.as_u64().unwrap_or(0),
            "disruption_budget": seen.disruption_budgets.iter().any(|budget| protects(budget, object)),
            "containers": containers(&object["spec"]["template"]["spec"]),
        })
    };
    seen.workloads.iter().map(told).collect()
}

/// Pods that are not on their way out, each with the kind that keeps it alive.
pub(super) fn pods(pods: &[Value]) -> Value {
    let told = |pod: &Value| {
        let owners = pod["metadata"]["ownerReferences"].as_array().cloned().unwrap_or_default();
        let controller = owners.into_iter().find(|owner| owner["controller"] == true);
        json!({ "name": pod["metadata"]["name"], "controller": controller.map(|owner| owner["kind"].clone()) })
    };
    pods.iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null()).map(told).collect()
}

/// A policy denies by default when it selects all pods and lists the direction without a rule.
pub(super) fn network(policies: &[Value]) -> Value {
    let denies = |direction: &str, rules: &str| {
        policies.iter().any(|policy| {
            let spec = &policy["spec"];
            let selects_all = spec["podSelector"].as_object().is_none_or(serde_json::Map::is_empty);
            let types = spec["policyTypes"].as_array().cloned().unwrap_or_default();
            let has_no_rule = spec[rules].as_array().is_none_or(Vec::is_empty);
            selects_all && has_no_rule && types.iter().any(|kind| kind == direction)
        })
    };
    json!({ "denies_ingress": denies("Ingress", "ingress"), "denies_egress": denies("Egress", "egress") })
}

/// Containers that keep running: those of the pod, and init containers that are restarted, which are sidecars.
fn containers(pod: &Value) -> Vec<Value> {
    let list = |key: &str| pod[key].as_array().cloned().unwrap_or_default();
    let sidecars = list("initContainers").into_iter().filter(|container| container["restartPolicy"] == "Always");
    let told = |container: Value| {
        let resources = &container["resources"];
        // A limit without a request is taken for the request by the API server's defaults.
        let request = |resource: &str| {
            let asked = &resources["requests"][resource];
            if asked.is_null() { resources["limits"][resource].clone() } else { asked.clone() }
        };
        json!({
            "name": container["name"],
            "readiness": container["readinessProbe"].is_object(),
            "cpu_request": request("cpu"),
            "memory_request": request("memory"),
            "memory_limit": resources["limits"]["memory"],
        })
    };
    list("containers").into_iter().chain(sidecars).map(told).collect()
}

/// It selects the pods of the workload, and lets go of at least one of them.
fn protects(budget: &Value, workload: &Value) -> bool {
    let labels = &workload["spec"]["template"]["metadata"]["labels"];
    let wanted = budget["spec"]["selector"]["matchLabels"].as_object();
    let selects = wanted
        .is_some_and(|wanted| !wanted.is_empty() && wanted.iter().all(|(key, value)| labels.get(key) == Some(value)));
    let has_expressions =
        budget["spec"]["selector"]["matchExpressions"].as_array().is_some_and(|list| !list.is_empty());
    selects && !has_expressions && budget["status"]["disruptionsAllowed"].as_u64().unwrap_or(0) >= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(ready: u64) -> Value {
        json!({
            "metadata": {"name": "a"},
            "spec": {"template": {"metadata": {"labels": {"app": "a", "x": "1"}}, "spec": {
                "initContainers": [
                    {"name": "once", "resources": {}},
                    {"name": "side", "restartPolicy": "Always", "readinessProbe": {}},
                ],
                "containers": [{"name": "main", "readinessProbe": {"httpGet": {}},
                    "resources": {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}}],
            }}},
            "status": {"readyReplicas": ready},
        })
    }

    fn budget(labels: Value, allowed: u64) -> Value {
        json!({"spec": {"selector": {"matchLabels": labels}}, "status": {"disruptionsAllowed": allowed}})
    }

    fn told(budgets: Vec<Value>) -> Value {
        let seen = NamespaceEvidence {
            workloads: vec![("Deployment", deployment(2))],
            disruption_budgets: budgets,
            ..NamespaceEvidence::default()
        };
        workloads(&seen)[0].clone()
    }

    #[test]
    fn containers_that_keep_running_are_told_one_by_one() {
        let told = told(vec![]);
        assert_eq!(
            told["containers"][0],
            json!({"name": "main", "readiness": true, "cpu_request": "1", "memory_request": "1Gi", "memory_limit": "1Gi"})
        );
        assert_eq!(
            told["containers"][1],
            json!({"name": "side", "readiness": true, "cpu_request": null, "memory_request": null, "memory_limit": null})
        );
        assert_eq!((told["containers"].as_array().unwrap().len(), &told["ready"]), (2, &json!(2)));
    }

    #[test]
    fn a_budget_counts_when_it_selects_and_lets_go() {
        for (budgets, expected) in [
            (vec![], false),
            (vec![budget(json!({"app": "a"}), 1)], true),
            (vec![budget(json!({"app": "a"}), 0)], false),
            (vec![budget(json!({"app": "b"}), 1)], false),
            (vec![budget(json!({}), 1)], false),
        ] {
            assert_eq!(told(budgets.clone())["disruption_budget"], expected, "{budgets:?}");
        }
    }

    #[test]
    fn bare_pods_have_no_controller_and_leaving_ones_do_not_count() {
        let seen = pods(&[
            json!({"metadata": {"name": "a", "ownerReferences": [{"kind": "ReplicaSet", "controller": true}]}}),
            json!({"metadata": {"name": "b", "ownerReferences": [{"kind": "Node"}]}}),
            json!({"metadata": {"name": "c", "deletionTimestamp": "2026-01-01T00:00:00Z"}}),
        ]);
        assert_eq!(seen, json!([{"name": "a", "controller": "ReplicaSet"}, {"name": "b", "controller": null}]));
    }

    #[test]
    fn default_deny_selects_all_and_allows_nothing() {
        let policy = |selector: Value, types: Value, ingress: Value| json!({"spec": {"podSelector": selector, "policyTypes": types, "ingress": ingress}});
        for (policy, ingress, egress) in [
            (policy(json!({}), json!(["Ingress", "Egress"]), Value::Null), true, true),
            (policy(json!({}), json!(["Ingress"]), json!([])), true, false),
            (policy(json!({}), json!(["Ingress"]), json!([{}])), false, false),
            (policy(json!({"matchLabels": {"a": "b"}}), json!(["Ingress"]), Value::Null), false, false),
        ] {
            assert_eq!(
                network(std::slice::from_ref(&policy)),
                json!({"denies_ingress": ingress, "denies_egress": egress}),
                "{policy}"
            );
        }
        assert_eq!(network(&[]), json!({"denies_ingress": false, "denies_egress": false}));
    }
}
