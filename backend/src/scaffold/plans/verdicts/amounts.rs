//! What the pods of a namespace will ask for, beside what they may.

use std::collections::BTreeMap;

use domain::{
    provisioning::Quantity,
    scaffold::{PlannedNamespace, QuotaChange, QuotaScope},
};
use serde_json::Value;

/// The pods of one workload.
#[derive(Clone, Debug)]
pub(super) struct PodUse {
    replicas: u32,
    /// By the key of a quota; `None` where a text is no quantity.
    amounts: BTreeMap<String, Option<Quantity>>,
}

impl PodUse {
    /// `answered` is the pod with the defaults that the server put in. `None` for what has no pods, and for what has as
    /// many as there are nodes.
    pub(super) fn of(workload: &Value, answered: Option<&Value>) -> Option<Self> {
        let spec = &workload["spec"];
        let count = |value: &Value| value.as_u64().map_or(1, |count| u32::try_from(count).unwrap_or(u32::MAX));
        let (replicas, template) = match workload["kind"].as_str()? {
            "Deployment" | "StatefulSet" | "ReplicaSet" => (count(&spec["replicas"]), &spec["template"]["spec"]),
            "Job" => (count(&spec["parallelism"]), &spec["template"]["spec"]),
            _ => return None,
        };
        let pod = answered.map_or(template, |pod| &pod["spec"]);
        let mut amounts = BTreeMap::new();
        for part in ["requests", "limits"] {
            for container in pod["containers"].as_array().into_iter().flatten() {
                for (resource, amount) in container["resources"][part].as_object().into_iter().flatten() {
                    let amount = amount.as_str().map_or_else(|| amount.to_string(), str::to_owned);
                    let sum = amounts.entry(format!("{part}.{resource}")).or_insert(Quantity::parse("0"));
                    *sum = sum.zip(Quantity::parse(&amount)).and_then(|(sum, amount)| sum.plus(amount));
                }
            }
        }
        Some(Self { replicas, amounts })
    }
}

/// The lines of a new namespace, in which nothing runs yet, and a warning when all pods together do not fit.
pub(super) fn against_quota(
    namespace: &PlannedNamespace,
    accelerators: &BTreeMap<String, u32>,
    pods: &[PodUse],
) -> (Vec<QuotaChange>, Option<String>) {
    let hard = namespace.size.hard();
    let limit = |key: &str| hard.iter().find(|(known, _)| *known == key).map(|(_, amount)| (*amount).to_owned());
    let mut lines: Vec<(String, Option<Quantity>, Option<String>)> =
        ["requests.cpu", "requests.memory", "limits.memory"]
            .map(|key| (key.to_owned(), sum(pods, key), limit(key)))
            .into();
    let all: Option<u32> = pods.iter().try_fold(0_u32, |all, pod| all.checked_add(pod.replicas));
    lines.push(("pods".to_owned(), all.and_then(|all| Quantity::parse(&all.to_string())), limit("pods")));
    for (resource, granted) in accelerators {
        let key = format!("requests.{resource}");
        lines.push((key.clone(), sum(pods, &key), Some(granted.to_string())));
    }
    let over: Vec<&str> = lines
        .iter()
        .filter(|(_, after, limit)| {
            after.zip(limit.as_deref().and_then(Quantity::parse)).is_some_and(|(after, limit)| after > limit)
        })
        .map(|(key, _, _)| key.as_str())
        .collect();
    let warning = (!over.is_empty()).then(|| {
        format!(
            "All pods of {} together ask for more {} than it may use, so that some of them will not start.",
            namespace.name,
            over.join(", ")
        )
    });
    let change = |(resource, after, limit): (String, Option<Quantity>, Option<String>)| QuotaChange {
        scope: QuotaScope::Namespace,
        of: namespace.name.clone(),
        resource,
        before: Some("0".to_owned()),
        after: after.map(|amount| amount.to_string()),
        limit,
    };
    (lines.into_iter().map(change).collect(), warning)
}

fn sum(pods: &[PodUse], key: &str) -> Option<Quantity> {
    pods.iter().try_fold(Quantity::parse("0")?, |sum, pod| match pod.amounts.get(key) {
        None => Some(sum),
        Some(amount) => sum.plus((*amount)?.times(pod.replicas)?),
    })
}

#[cfg(test)]
mod tests {
    use domain::provisioning::Size;
    use serde_json::json;

    use super::*;

    fn namespace() -> PlannedNamespace {
        PlannedNamespace {
            cluster: "local".into(),
            name: "payments-checkout-dev".into(),
            environment: "dev".into(),
            size: Size::Small,
        }
    }

    fn deployment(replicas: u32, cpu: &str) -> Value {
        json!({"kind": "Deployment", "spec": {"replicas": replicas, "template": {"spec": {"containers": [
            {"resources": {"requests": {"cpu": cpu, "memory": "256Mi", "nvidia.com/gpu": 1}, "limits": {"memory": "1Gi"}}},
            {"resources": {"requests": {"cpu": "100m"}}},
        ]}}}})
    }

    fn line(lines: &[QuotaChange], resource: &str) -> (Option<String>, Option<String>) {
        let line = lines.iter().find(|line| line.resource == resource).unwrap();
        (line.after.clone(), line.limit.clone())
    }

    #[test]
    fn the_pods_of_all_workloads_are_added_up() {
        let pods = [PodUse::of(&deployment(3, "400m"), None).unwrap()];
        let cards = BTreeMap::from([("nvidia.com/gpu".to_owned(), 3)]);
        let (lines, warning) = against_quota(&namespace(), &cards, &pods);
        assert_eq!(line(&lines, "requests.cpu"), (Some("1500m".into()), Some("4".into())));
        assert_eq!(line(&lines, "requests.memory"), (Some("768Mi".into()), Some("8Gi".into())));
        assert_eq!(line(&lines, "pods"), (Some("3".into()), Some("50".into())));
        assert_eq!(line(&lines, "requests.nvidia.com/gpu"), (Some("3".into()), Some("3".into())));
        assert_eq!(warning, None);
    }

    #[test]
    fn what_does_not_fit_together_is_said() {
        let pods = [PodUse::of(&deployment(20, "400m"), None).unwrap()];
        assert!(against_quota(&namespace(), &BTreeMap::new(), &pods).1.unwrap().contains("requests.cpu"));
    }

    #[test]
    fn the_servers_defaults_count_and_nonsense_is_unknown() {
        let answered = json!({"spec": {"containers": [{"resources": {"requests": {"cpu": "1"}}}]}});
        let pods = [PodUse::of(&deployment(2, "100m"), Some(&answered)).unwrap()];
        assert_eq!(line(&against_quota(&namespace(), &BTreeMap::new(), &pods).0, "requests.cpu").0, Some("2".into()));
        let pods = [PodUse::of(&deployment(1, "much"), None).unwrap()];
        assert_eq!(line(&against_quota(&namespace(), &BTreeMap::new(), &pods).0, "requests.cpu").0, None);
    }
}
