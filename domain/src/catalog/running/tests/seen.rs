use super::*;

fn deployment(labels: Value, annotations: Value) -> Value {
    json!({
        "metadata": {"name": "web", "namespace": "shop", "uid": "1", "resourceVersion": "42", "labels": labels,
            "annotations": annotations, "creationTimestamp": "2026-01-01T00:00:00Z"},
        "spec": {"replicas": 2, "template": {"spec": {"containers": [
            {"image": "a:1", "env": [{"name": "PASSWORD", "value": "secret"}]}, {"image": "b\u{0}:2"}]}}},
        "status": {"observedGeneration": 1},
    })
}

#[test]
fn little_is_kept_and_nothing_that_a_container_is_given() {
    let seen = workload(WorkloadKind::Deployment, &deployment(json!({"app": "web", "n": 1}), json!({}))).unwrap();
    assert_eq!(
        (seen.version, seen.images.clone(), seen.labels.clone()),
        (42, vec!["a:1".into(), "b:2".into()], labels(&[("app", "web")]))
    );
    assert_eq!((seen.wanted, seen.ready), (Some(2), Some(0)), "what was reported and left out is zero");
    assert!(!serde_json::to_string(&seen).unwrap().contains("secret"));
    let many: serde_json::Map<String, Value> =
        (0..200).map(|n| (format!("a{n}"), json!("x"))).chain([(ID.into(), json!("w"))]).collect();
    let seen = workload(WorkloadKind::Deployment, &deployment(many.into(), json!({}))).unwrap();
    assert_eq!((seen.labels.len(), seen.labels.get(ID).map(String::as_str)), (64, Some("w")));
}

#[test]
fn what_the_cluster_has_not_said_is_not_known() {
    let of = |kind, object: Value| workload(kind, &object).map(|seen| (seen.wanted, seen.ready));
    let mut new = deployment(json!({}), json!({}));
    new["status"] = json!({});
    assert_eq!(of(WorkloadKind::Deployment, new.clone()), Some((Some(2), None)));
    assert_eq!(of(WorkloadKind::DaemonSet, new.clone()), Some((None, None)));
    new["status"] = json!({"observedGeneration": 3, "desiredNumberScheduled": 4, "numberReady": 1});
    assert_eq!(of(WorkloadKind::DaemonSet, new.clone()), Some((Some(4), Some(1))));
    assert_eq!(of(WorkloadKind::CronJob, new.clone()), Some((None, None)));
    new["metadata"]["resourceVersion"] = json!("not a number");
    assert_eq!(of(WorkloadKind::Deployment, new), None);
}

#[test]
fn who_keeps_it_is_read_from_the_marks_of_engines() {
    let by = |labels: Value, annotations: Value| {
        let seen = workload(WorkloadKind::Deployment, &deployment(labels, annotations)).unwrap();
        seen.manager.map(|manager| format!("{manager} {}", seen.manager_name.unwrap()))
    };
    let flux = json!({"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux"});
    let helm = json!({"app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/instance": "shop"});
    let release = json!({"meta.helm.sh/release-name": "shop"});
    for (labels, annotations, expected) in [
        (flux, json!({}), Some("flux flux/apps")),
        (json!({"helm.toolkit.fluxcd.io/name": "shop"}), release.clone(), Some("flux shop")),
        (json!({}), json!({"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/web"}), Some("argo_cd shop")),
        (
            json!({"app.kubernetes.io/managed-by": "argocd", "app.kubernetes.io/instance": "x"}),
            json!({}),
            Some("argo_cd x"),
        ),
        (helm.clone(), release.clone(), Some("helm shop")),
        (helm, json!({}), None),
        (json!({"app.kubernetes.io/instance": "shop"}), release, None),
    ] {
        assert_eq!(by(labels.clone(), annotations.clone()).as_deref(), expected, "{labels} {annotations}");
    }
}
