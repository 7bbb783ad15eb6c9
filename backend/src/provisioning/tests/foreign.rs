use domain::provisioning::{ConditionStatus, ConditionType};
use serde_json::json;
use sqlx::PgPool;

use super::super::declare;
use super::support::{Rig, declaration, developer, known};

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_namespace_of_others_is_not_touched(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let wanted = known(&rig.db, declaration()).await;
    let name = format!("{}-{}-{}", wanted.team, wanted.service, wanted.environment);
    rig.admin
        .create("Namespace", "", json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } }))
        .await;
    let version = rig.admin.get("Namespace", "", &name).await.unwrap()["metadata"]["resourceVersion"].clone();
    let declared = declare(&developer(), &rig.db, &wanted).await.unwrap();
    let view = rig.until_condition(&declared, ConditionType::AdoptionPending, ConditionStatus::True).await;
    assert_eq!((view.uid, view.observed_revision), (None, 0));
    assert_eq!(rig.cluster.writes_sent(), 0);
    assert_eq!(rig.admin.get("Namespace", "", &name).await.unwrap()["metadata"]["resourceVersion"], version);
    assert!(rig.admin.get("ResourceQuota", &name, "waymark-gpu").await.is_none());
    let admin = rig.admin.clone();
    rig.stop().await;
    admin.remove_namespace(&name).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_namespace_that_somebody_deleted_is_not_made_again_unasked(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    rig.admin.remove_namespace(name).await;
    let view = rig.until_condition(&declared, ConditionType::NamespaceActive, ConditionStatus::False).await;
    assert!(!view.is_ready());
    let reasons = ["Terminating", "Lost"];
    assert!(reasons.contains(&view.condition(ConditionType::NamespaceActive).unwrap().reason.as_str()));
    rig.until(&declared, "it is lost", |v| {
        v.condition(ConditionType::NamespaceActive).is_some_and(|c| c.reason == "Lost")
    })
    .await;
    assert!(rig.admin.get("Namespace", "", name).await.is_none());
    rig.stop().await;
}
