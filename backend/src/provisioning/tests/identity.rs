use kube::{
    Client,
    api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};
use sqlx::PgPool;

use super::support::Rig;
use crate::testing::rig::{api, client};

/// The code and words of a refusal.
fn refused<T: std::fmt::Debug>(result: kube::Result<T>) -> (u16, String) {
    match result {
        Err(kube::Error::Api(status)) => (status.code, status.message.clone()),
        other => panic!("not refused: {other:?}"),
    }
}

async fn patch(client: &Client, kind: &str, namespace: &str, name: &str, patch: Value) -> kube::Result<DynamicObject> {
    api(client, kind, namespace).patch(name, &PatchParams::default(), &Patch::Merge(patch)).await
}

async fn create(client: &Client, kind: &str, namespace: &str, object: Value) -> kube::Result<DynamicObject> {
    let object = serde_json::from_value(object).unwrap();
    api(client, kind, namespace).create(&PostParams::default(), &object).await
}

fn binding(name: &str, role: &str) -> Value {
    json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": { "name": name },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role }, "subjects": [] })
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_platforms_identity_is_enough_and_no_more(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let (name, platform) = (declared.name.as_str(), client("/kubeconfigs/waymark").await);
    assert_eq!(refused(api(&platform, "Secret", name).list(&ListParams::default()).await).0, 403);
    assert_eq!(refused(api(&platform, "Secret", "kube-system").get("any").await).0, 403);
    let mut all = binding("waymark-test", "cluster-admin");
    all["kind"] = "ClusterRoleBinding".into();
    assert_eq!(refused(create(&platform, "ClusterRoleBinding", "", all).await).0, 403);
    assert_eq!(refused(create(&platform, "RoleBinding", name, binding("more", "cluster-admin")).await).0, 403);
    let secret = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "other" } });
    let (code, words) = refused(create(&platform, "Secret", name, secret).await);
    assert!(code == 403 && words.contains("waymark-git-read"), "{code} {words}");
    let privileged = json!({ "metadata": { "labels": { "pod-security.kubernetes.io/enforce": "privileged" } } });
    let (code, words) = refused(patch(&platform, "Namespace", "", name, privileged).await);
    assert!(code == 403 && words.contains("restricted"), "{code} {words}");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_platforms_identity_stays_out_of_foreign_namespaces(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let platform = client("/kubeconfigs/waymark").await;
    let label = json!({ "metadata": { "labels": { "waymark.dev/instance": "mine" } } });
    let (code, words) = refused(patch(&platform, "Namespace", "", "kube-public", label).await);
    assert!(code == 403 && words.contains("only its own namespaces"), "{code} {words}");
    let quota = json!({ "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": "waymark-gpu" }, "spec": { "hard": { "pods": "0" } } });
    let (code, words) = refused(create(&platform, "ResourceQuota", "kube-public", quota).await);
    assert!(code == 403 && words.contains("only into its own namespaces"), "{code} {words}");
    let bind =
        create(&platform, "RoleBinding", "kube-public", binding("waymark-editors", "waymark-tenant-editor")).await;
    assert_eq!(refused(bind).0, 403);
    assert_eq!(
        refused(api(&platform, "Namespace", "").delete("kube-node-lease", &DeleteParams::default()).await).0,
        403
    );
    let unmarked = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "waymark-test-unmarked" } });
    assert_eq!(refused(create(&platform, "Namespace", "", unmarked).await).0, 403);
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_platforms_identity_asks_about_workloads_and_makes_none(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let (name, platform) = (declared.name.as_str(), client("/kubeconfigs/waymark").await);
    let container = json!({ "name": "c", "image": "registry.example.com/a", "securityContext": {
        "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] }, "runAsNonRoot": true,
        "seccompProfile": { "type": "RuntimeDefault" } } });
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p" }, "spec": { "containers": [container] } });
    let (code, words) = refused(create(&platform, "Pod", name, pod.clone()).await);
    assert!(code == 403 && words.contains("never makes one"), "{code} {words}");
    let asked = PostParams { dry_run: true, ..PostParams::default() };
    let object: DynamicObject = serde_json::from_value(pod).unwrap();
    api(&platform, "Pod", name).create(&asked, &object).await.expect("asking is allowed");
    let (code, words) = refused(api(&platform, "Pod", "kube-public").create(&asked, &object).await);
    assert!(code == 403 && words.contains("its own namespaces alone"), "{code} {words}");
    assert_eq!(refused(api(&platform, "Pod", name).delete("p", &DeleteParams::default()).await).0, 403);
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_team_cannot_undo_its_fences(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let (name, developer) = (declared.name.as_str(), client("/kubeconfigs/developer").await);
    let open = json!({ "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": { "name": "open" },
        "spec": { "podSelector": {}, "egress": [{}] } });
    assert_eq!(refused(create(&developer, "NetworkPolicy", name, open).await).0, 403);
    assert_eq!(refused(create(&developer, "RoleBinding", name, binding("more", "admin")).await).0, 403);
    let quota = json!({ "spec": { "hard": { "pods": "500" } } });
    assert_eq!(refused(patch(&developer, "ResourceQuota", name, "waymark-compute", quota).await).0, 403);
    let (code, words) =
        refused(api(&developer, "ServiceAccount", name).delete("waymark-deployer", &DeleteParams::default()).await);
    assert!(code == 403 && words.contains("managed by the platform"), "{code} {words}");
    let own = json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": { "name": "app" } });
    create(&developer, "ServiceAccount", name, own).await.expect("what is theirs stays theirs");
    let (code, words) = refused(api(&rig.admin.0, "Namespace", "").delete(name, &DeleteParams::default()).await);
    assert!(code == 403 && words.contains("protected"), "{code} {words}");
    rig.stop().await;
}
