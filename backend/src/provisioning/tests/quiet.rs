use std::{collections::BTreeMap, time::Duration};

use sqlx::PgPool;

use super::super::{Declared, queue::Namespaces};
use super::support::Rig;
use crate::{
    keyed_queue::InCluster,
    testing::rig::{api, eventually},
};

async fn versions(rig: &Rig, declared: &Declared) -> BTreeMap<String, Option<String>> {
    let name = declared.name.as_str();
    let mut versions = BTreeMap::new();
    for kind in ["LimitRange", "ResourceQuota", "NetworkPolicy", "ServiceAccount", "RoleBinding"] {
        for object in api(&rig.admin.0, kind, name).list(&Default::default()).await.unwrap() {
            versions.insert(format!("{kind}/{}", object.metadata.name.unwrap()), object.metadata.resource_version);
        }
    }
    versions.insert(
        "Namespace".into(),
        api(&rig.admin.0, "Namespace", "").get(name).await.unwrap().metadata.resource_version,
    );
    versions
}

/// Runs one more pass and waits for its end.
async fn look_again(rig: &Rig, declared: &Declared) {
    let cluster_id = sqlx::query_scalar("select cluster_id from cluster").fetch_one(&rig.db.pool).await.unwrap();
    let looks = async || -> (Option<time::OffsetDateTime>, bool) {
        sqlx::query_as(
            "select observed_at, lease_until is null and due_at > now() from tenant_namespace where namespace_id = $1",
        )
        .bind(declared.id)
        .fetch_one(&rig.db.pool)
        .await
        .unwrap()
    };
    let (before, _) = looks().await;
    Namespaces { cluster_id }.wake_namespace(&rig.db, declared.name.as_str(), Duration::ZERO).await.unwrap();
    eventually("another look", || async {
        let (after, rests) = looks().await;
        if after > before && rests { Ok(()) } else { Err(format!("{before:?} {after:?}")) }
    })
    .await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_differs_nothing_is_sent(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    look_again(&rig, &declared).await;
    let (sent, before) = (rig.cluster.writes_sent(), versions(&rig, &declared).await);
    for _ in 0..3 {
        look_again(&rig, &declared).await;
    }
    assert_eq!(rig.cluster.writes_sent(), sent);
    assert_eq!(versions(&rig, &declared).await, before);
    assert!(sent >= 12, "the counter counts: {sent}");
    rig.stop().await;
}
