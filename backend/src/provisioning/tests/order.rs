use domain::provisioning::{ConditionStatus, ConditionType};
use futures::future::join_all;
use kube::api::ListParams;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::support::{ALONE, Rig};
use crate::testing::rig::{api, eventually, platform};

/// The cluster takes over about twenty quotas a second; these go first.
const AHEAD: usize = 120;

/// Many quotas stand ahead of ours, so that for seconds ours are applied and not enforced.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_gets_in_before_the_quotas_are_enforced(pool: PgPool) {
    let _alone = ALONE.write().await;
    let mut rig = Rig::start_on(pool, platform().await).await;
    let busy = keep_the_cluster_busy(&rig).await;
    let declared = rig.declare().await;
    let name = declared.name.as_str();
    let view = rig.until_condition(&declared, ConditionType::QuotaApplied, ConditionStatus::True).await;
    assert_eq!(view.condition(ConditionType::QuotaEnforced).unwrap().status, ConditionStatus::False);
    assert_eq!(view.condition(ConditionType::AccessConfigured).unwrap().reason, "WaitingForQuota");
    assert_eq!(view.observed_revision, 0);
    let bindings = api(&rig.admin.0, "RoleBinding", name).list(&ListParams::default()).await.unwrap();
    assert!(bindings.items.is_empty(), "{:?}", bindings.items);

    rig.until_ready(&declared).await;
    let enforced = version(rig.admin.get("ResourceQuota", name, "waymark-compute").await)
        .max(version(rig.admin.get("ResourceQuota", name, "waymark-gpu").await));
    for binding in ["waymark-deployer", "waymark-editors", "waymark-viewers"] {
        let bound = version(rig.admin.get("RoleBinding", name, binding).await);
        assert!(bound > enforced, "{binding} at {bound}, quotas enforced at {enforced}");
    }
    let admin = rig.admin.clone();
    rig.stop().await;
    admin.remove_namespace(&busy).await;
}

/// Resource versions are one sequence over the whole cluster, and the last write to a quota is its being taken over.
fn version(object: Option<Value>) -> u64 {
    object.unwrap()["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap()
}

async fn keep_the_cluster_busy(rig: &Rig) -> String {
    let name = format!("busy-{}", Uuid::new_v4().simple());
    rig.admin
        .create("Namespace", "", json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } }))
        .await;
    let quota = |n: usize| json!({ "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": format!("q{n}") }, "spec": { "hard": { "pods": "1" } } });
    join_all((0..AHEAD).map(|n| rig.admin.create("ResourceQuota", &name, quota(n)))).await;
    eventually("the cluster has begun", || async {
        let first = rig.admin.get("ResourceQuota", &name, "q0").await.unwrap();
        if first["status"]["hard"].is_object() { Ok(()) } else { Err("no status".into()) }
    })
    .await;
    name
}
