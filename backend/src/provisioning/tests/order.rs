use futures::future::join_all;
use serde_json::Value;
use sqlx::PgPool;

use super::support::Rig;

/// Resource versions are one sequence over the whole cluster: the last write to a quota is the cluster taking it over,
/// and every binding must have been written after it. Many at once, so that the cluster is late with some.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_gets_in_before_the_quotas_are_enforced(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let mut declared = Vec::new();
    for _ in 0..24 {
        declared.push(rig.declare().await);
    }
    join_all(declared.iter().map(|d| rig.until_ready(d))).await;
    let version = |object: Option<Value>| -> u64 {
        object.unwrap()["metadata"]["resourceVersion"].as_str().unwrap().parse().unwrap()
    };
    for namespace in declared.iter().map(|d| d.name.as_str()) {
        let enforced = version(rig.get("ResourceQuota", namespace, "waymark-compute").await)
            .max(version(rig.get("ResourceQuota", namespace, "waymark-gpu").await));
        for binding in ["waymark-deployer", "waymark-editors", "waymark-viewers"] {
            let bound = version(rig.get("RoleBinding", namespace, binding).await);
            assert!(bound > enforced, "{namespace}: {binding} at {bound}, quotas enforced at {enforced}");
        }
    }
    rig.stop().await;
}
