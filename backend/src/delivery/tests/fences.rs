use domain::delivery::Cause;
use sqlx::PgPool;

use super::support::{Rig, Service};

const BINDING: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: evil}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
  - {apiGroup: rbac.authorization.k8s.io, kind: Group, name: system:authenticated}
";
const POLICY: &str = "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: evil}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{}]}
";

/// A commit with one more object, and more replicas beside it.
async fn push_evil(rig: &Rig, service: &Service, object: &str) -> String {
    let dev = service.overlay("dev");
    let text = rig.read(service, &dev).await.replace("  - ../../base\n", "  - ../../base\n  - evil.yaml\n")
        + &format!("replicas:\n  - name: {}\n    count: 3\n", service.name);
    let write = [(dev.as_str(), text.as_str()), ("deploy/overlays/dev/evil.yaml", object)];
    rig.push(service, "Open the fence", &write, &[]).await.to_string()
}

async fn refused(pool: PgPool, kind: &str, plural: &str, object: &str) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev"], |text| text).await;
    let namespace = service.namespace("dev");
    let before = rig.until(&service, "dev", "it runs", |view| view.is_well()).await;
    let overlay = rig.read(&service, &service.overlay("dev")).await;
    let evil = push_evil(&rig, &service, object).await;
    let is_refused = |view: &super::super::DeliveryView| view.troubles.iter().any(|t| t.cause == Cause::NotAllowed);
    let view = rig.until(&service, "dev", "the commit is refused", is_refused).await;
    let said = &view.troubles[0].said;
    assert!(said.contains("waymark-deployer") && said.contains(plural), "{said}");
    assert_eq!(view.attempted_commit.as_deref(), Some(evil.as_str()));
    assert_eq!(view.synced_commit, before.synced_commit, "nothing of it counts as synced");
    assert!(!view.is_well());
    assert!(rig.admin.get(kind, &namespace, "evil").await.is_none(), "the fence is opened");
    let deployment = rig.admin.get("Deployment", &namespace, &service.name).await.unwrap();
    assert_eq!(deployment["spec"]["replicas"], 1, "the rest of the commit was applied");
    let remove = ["deploy/overlays/dev/evil.yaml"];
    rig.push(&service, "Leave the fence", &[(&service.overlay("dev"), &overlay)], &remove).await;
    rig.until(&service, "dev", "it is mended", |view| view.is_well()).await;
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_commit_with_a_role_binding_changes_nothing_and_says_why(pool: PgPool) {
    refused(pool, "RoleBinding", "rolebindings", BINDING).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_commit_with_a_network_policy_changes_nothing_and_says_why(pool: PgPool) {
    refused(pool, "NetworkPolicy", "networkpolicies", POLICY).await;
}
