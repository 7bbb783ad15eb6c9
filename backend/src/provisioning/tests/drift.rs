use domain::provisioning::{ConditionStatus, ConditionType, DriftClass, DriftLine, NamespaceView, Severity};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::Duration;

use super::super::Declared;
use super::support::Rig;
use crate::testing::rig::eventually;

/// Waits for the finding at this place to be healed.
async fn healed(rig: &Rig, declared: &Declared, object: &str, field: &str) -> DriftLine {
    let is_it = |line: &&DriftLine| line.object == object && line.field == field;
    let what = format!("{object} {field} is healed");
    let view =
        rig.until(declared, &what, |view| view.drift.iter().find(is_it).is_some_and(|l| l.healed_at.is_some())).await;
    let line = view.drift.iter().find(is_it).unwrap().clone();
    let took = line.healed_at.unwrap() - line.detected_at;
    assert!(took > Duration::ZERO && took < Duration::seconds(10), "{what}: {took}");
    line
}

/// Keeps the worker from the namespace, as another worker's lease does.
async fn hold(rig: &Rig, declared: &Declared) {
    let hold = "update tenant_namespace set lease_until = now() + interval '1 hour', lease_epoch = lease_epoch + 1
                where namespace_id = $1 and lease_until is null";
    eventually("the namespace is held", || async {
        let held = sqlx::query(hold).bind(declared.id).execute(&rig.db.pool).await.unwrap();
        if held.rows_affected() == 1 { Ok(()) } else { Err("under way".into()) }
    })
    .await;
}

async fn release(rig: &Rig, declared: &Declared) {
    let release = "update tenant_namespace set lease_until = null, due_at = now() where namespace_id = $1";
    sqlx::query(release).bind(declared.id).execute(&rig.db.pool).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_edited_quota_is_put_back_and_told(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    let edit = json!({ "spec": { "hard": { "requests.nvidia.com/gpu": "8" } } });
    rig.admin.tamper("ResourceQuota", name, "waymark-gpu", edit).await;
    let line = healed(&rig, &declared, "ResourceQuota/waymark-gpu", "spec.hard.requests.nvidia.com/gpu").await;
    assert_eq!((line.class, line.severity), (DriftClass::Changed, Severity::Security));
    assert_eq!((line.before, line.after), (Some(json!("0")), Some(json!("8"))));
    assert_eq!(line.manager.as_deref(), Some("kubectl-edit"));
    let quota = rig.admin.get("ResourceQuota", name, "waymark-gpu").await.unwrap();
    assert_eq!(quota["spec"]["hard"]["requests.nvidia.com/gpu"], "0");
    rig.until_condition(&declared, ConditionType::Drifted, ConditionStatus::False).await;
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_added_to_a_quota_is_taken_out(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    rig.admin
        .tamper("ResourceQuota", name, "waymark-gpu", json!({ "spec": { "hard": { "count/services": "0" } } }))
        .await;
    let line = healed(&rig, &declared, "ResourceQuota/waymark-gpu", "spec.hard.count/services").await;
    assert_eq!((line.class, line.before, line.after), (DriftClass::ExtraKey, None, Some(json!("0"))));
    let quota = rig.admin.get("ResourceQuota", name, "waymark-gpu").await.unwrap();
    assert_eq!(quota["spec"]["hard"].get("count/services"), None);
    let scope = json!({ "matchExpressions": [{ "scopeName": "PriorityClass", "operator": "Exists" }] });
    rig.admin.tamper("ResourceQuota", name, "waymark-gpu", json!({ "spec": { "scopeSelector": scope } })).await;
    healed(&rig, &declared, "ResourceQuota/waymark-gpu", "spec.scopeSelector").await;
    rig.until_ready(&declared).await;
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_deleted_or_opened_network_policy_comes_back(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    let before = rig.admin.get("NetworkPolicy", name, "waymark-default-deny").await.unwrap();
    rig.admin.delete("NetworkPolicy", name, "waymark-default-deny").await;
    let line = healed(&rig, &declared, "NetworkPolicy/waymark-default-deny", "").await;
    assert_eq!((line.class, line.severity), (DriftClass::Missing, Severity::Security));
    let after = rig.admin.get("NetworkPolicy", name, "waymark-default-deny").await.unwrap();
    assert_ne!(before["metadata"]["uid"], after["metadata"]["uid"]);
    assert_eq!(before["spec"], after["spec"]);
    rig.admin.tamper("NetworkPolicy", name, "waymark-default-deny", json!({ "spec": { "egress": [{}] } })).await;
    healed(&rig, &declared, "NetworkPolicy/waymark-default-deny", "spec.egress").await;
    let shut = rig.admin.get("NetworkPolicy", name, "waymark-default-deny").await.unwrap();
    assert_eq!(shut["spec"].get("egress"), None);
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn labels_come_back_the_one_we_select_by_too(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    for label in ["pod-security.kubernetes.io/enforce", "waymark.dev/instance"] {
        let before = rig.admin.get("Namespace", "", name).await.unwrap()["metadata"]["labels"][label].clone();
        rig.admin.tamper("Namespace", "", name, json!({ "metadata": { "labels": { label: null } } })).await;
        let line = healed(&rig, &declared, &format!("Namespace/{name}"), &format!("metadata.labels.{label}")).await;
        assert_eq!((line.class, line.before), (DriftClass::LabelRemoved, Some(before.clone())));
        assert_eq!(rig.admin.get("Namespace", "", name).await.unwrap()["metadata"]["labels"][label], before);
    }
    rig.admin
        .tamper(
            "ResourceQuota",
            name,
            "waymark-compute",
            json!({ "metadata": { "labels": { "waymark.dev/instance": null } } }),
        )
        .await;
    healed(&rig, &declared, "ResourceQuota/waymark-compute", "metadata.labels.waymark.dev/instance").await;
    let theirs = json!({ "metadata": { "labels": { "their.example/label": "x" } } });
    rig.admin.tamper("Namespace", "", name, theirs).await;
    rig.until_ready(&declared).await;
    assert_eq!(rig.admin.get("Namespace", "", name).await.unwrap()["metadata"]["labels"]["their.example/label"], "x");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn access_that_others_gave_is_taken_away(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    let group = |name: &str| json!({ "apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": name });
    let subjects = json!({ "subjects": [group("oidc:payments"), group("system:authenticated")] });
    rig.admin.tamper("RoleBinding", name, "waymark-editors", subjects).await;
    let line = healed(&rig, &declared, "RoleBinding/waymark-editors", "subjects").await;
    assert_eq!(line.severity, Severity::Security);
    let names = |binding: &Value| -> Vec<Value> {
        binding["subjects"].as_array().into_iter().flatten().map(|s| s["name"].clone()).collect()
    };
    assert_eq!(names(&rig.admin.get("RoleBinding", name, "waymark-editors").await.unwrap()), ["oidc:payments"]);
    rig.admin
        .tamper("RoleBinding", name, "waymark-viewers", json!({ "subjects": [group("system:authenticated")] }))
        .await;
    healed(&rig, &declared, "RoleBinding/waymark-viewers", "subjects").await;
    assert!(
        names(&rig.admin.get("RoleBinding", name, "waymark-viewers").await.unwrap()).is_empty(),
        "nobody was to have it"
    );
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_binding_to_another_role_is_made_anew(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    let mut binding = rig.admin.get("RoleBinding", name, "waymark-viewers").await.unwrap();
    binding["roleRef"]["name"] = "admin".into();
    for key in ["resourceVersion", "uid", "creationTimestamp", "managedFields"] {
        binding["metadata"].as_object_mut().unwrap().remove(key);
    }
    // Both steps have to be seen as one.
    hold(&rig, &declared).await;
    rig.admin.delete("RoleBinding", name, "waymark-viewers").await;
    rig.admin.create("RoleBinding", name, binding).await;
    release(&rig, &declared).await;
    let line = healed(&rig, &declared, "RoleBinding/waymark-viewers", "roleRef.name").await;
    assert_eq!((line.class, line.after), (DriftClass::Immutable, Some(json!("admin"))));
    let binding = rig.admin.get("RoleBinding", name, "waymark-viewers").await.unwrap();
    assert_eq!(binding["roleRef"]["name"], "waymark-tenant-viewer");
    rig.until_ready(&declared).await;
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whoever_keeps_changing_it_back_is_not_fought(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    for round in 1..=5 {
        rig.admin
            .tamper("ResourceQuota", name, "waymark-compute", json!({ "spec": { "hard": { "pods": "7" } } }))
            .await;
        let all_healed =
            |view: &NamespaceView| view.drift.len() == round && view.drift.iter().all(|l| l.healed_at.is_some());
        rig.until(&declared, "it is put back", all_healed).await;
    }
    rig.admin.tamper("ResourceQuota", name, "waymark-compute", json!({ "spec": { "hard": { "pods": "7" } } })).await;
    let contended =
        |view: &NamespaceView| view.drift.iter().any(|l| l.class == DriftClass::Contended && l.healed_at.is_none());
    rig.until(&declared, "it is left alone for a while", contended).await;
    let quota = rig.admin.get("ResourceQuota", name, "waymark-compute").await.unwrap();
    assert_eq!(quota["spec"]["hard"]["pods"], "7");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn objects_of_others_are_told_and_left(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    for (kind, api_version, content) in foreign() {
        let mut object = json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": "theirs" } });
        object.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        rig.admin.create(kind, name, object).await;
        let object = format!("{kind}/theirs");
        let is_open = |line: &&DriftLine| line.object == object && line.healed_at.is_none();
        let is_told = |view: &NamespaceView| {
            let reason = view.condition(ConditionType::Drifted).map(|drifted| drifted.reason.as_str());
            view.drift.iter().any(|line| is_open(&line)) && reason == Some("ForeignObjects")
        };
        let view = rig.until(&declared, &format!("{object} is told"), is_told).await;
        assert!(view.is_ready());
        assert_eq!(view.drift.iter().find(is_open).unwrap().class, DriftClass::ForeignObject);
        assert!(rig.admin.get(kind, name, "theirs").await.is_some(), "{object} is left");

        rig.admin.delete(kind, name, "theirs").await;
        let gone = |view: &NamespaceView| view.drift.iter().all(|line| !is_open(&line));
        rig.until(&declared, &format!("{object} is told to be gone"), gone).await;
    }
    rig.stop().await;
}

/// One of each kind, with its API version and what it says.
fn foreign() -> [(&'static str, &'static str, Value); 4] {
    let role = json!({ "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view" });
    let opens = json!({ "podSelector": {}, "egress": [{}], "policyTypes": ["Egress"] });
    [
        ("NetworkPolicy", "networking.k8s.io/v1", json!({ "spec": opens })),
        ("RoleBinding", "rbac.authorization.k8s.io/v1", json!({ "roleRef": role, "subjects": [] })),
        ("LimitRange", "v1", json!({ "spec": { "limits": [{ "type": "Pod", "max": { "memory": "1Gi" } }] } })),
        ("ResourceQuota", "v1", json!({ "spec": { "hard": { "pods": "100" } } })),
    ]
}
