use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::support::{ALONE, Rig};
use crate::testing::rig::platform;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_accelerator_stands_at_zero_everywhere_at_once(pool: PgPool) {
    let _alone = ALONE.write().await;
    let mut rig = Rig::start_on(pool, platform().await).await;
    let declared = rig.ready().await;
    let random = Uuid::new_v4().simple().to_string();
    let (node, resource) = (format!("node-{random}"), format!("example.org/gpu-{}", &random[..8]));
    let object = json!({ "apiVersion": "v1", "kind": "Node", "metadata": { "name": node },
        "status": { "capacity": { resource.as_str(): "8" }, "allocatable": { resource.as_str(): "8" } } });
    rig.admin.create("Node", "", object).await;
    let key = format!("requests.{resource}");
    let view = rig
        .until(&declared, "the new key is enforced at zero", |v| {
            v.quota.iter().any(|l| l.resource == key && l.enforced.as_deref() == Some("0"))
        })
        .await;
    assert!(view.drift.is_empty(), "a change of ours is no drift");
    rig.admin.delete("Node", "", &node).await;
    rig.stop().await;
}
