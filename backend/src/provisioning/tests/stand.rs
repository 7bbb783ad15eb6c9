use std::collections::BTreeMap;

use domain::provisioning::{ConditionStatus, ConditionType};
use serde_json::Value;
use sqlx::PgPool;

use super::super::grant_accelerators;
use super::support::Rig;
use crate::audit::Actor;

const TWELVE: [(&str, &str); 11] = [
    ("LimitRange", "waymark-defaults"),
    ("ResourceQuota", "waymark-compute"),
    ("ResourceQuota", "waymark-gpu"),
    ("NetworkPolicy", "waymark-default-deny"),
    ("NetworkPolicy", "waymark-allow-dns"),
    ("NetworkPolicy", "waymark-allow-same-namespace"),
    ("ServiceAccount", "default"),
    ("ServiceAccount", "waymark-deployer"),
    ("RoleBinding", "waymark-deployer"),
    ("RoleBinding", "waymark-editors"),
    ("RoleBinding", "waymark-viewers"),
];

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_twelve_objects_stand(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let name = declared.name.as_str();
    let namespace = rig.admin.get("Namespace", "", name).await.expect("the namespace");
    assert_eq!(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "restricted");
    let manager = |entry: &Value| entry["manager"] == "waymark" && entry["operation"] == "Apply";
    for (kind, object) in TWELVE {
        let found = rig.admin.get(kind, name, object).await.unwrap_or_else(|| panic!("{kind}/{object} is missing"));
        assert_eq!(found["metadata"]["labels"]["waymark.dev/namespace-id"], declared.id.to_string(), "{kind}/{object}");
        assert!(found["metadata"]["managedFields"].as_array().unwrap().iter().any(manager), "{kind}/{object}");
    }
    let view = rig.view(&declared).await;
    assert_eq!(view.uid.as_deref(), namespace["metadata"]["uid"].as_str());
    for kind in [
        ConditionType::QuotaApplied,
        ConditionType::QuotaEnforced,
        ConditionType::NetworkIsolated,
        ConditionType::AccessConfigured,
    ] {
        assert_eq!(view.condition(kind).unwrap().status, ConditionStatus::True, "{kind:?}");
    }
    let gpu = view.quota.iter().find(|l| l.object == "waymark-gpu" && l.resource == "requests.nvidia.com/gpu").unwrap();
    assert_eq!((gpu.spec.as_deref(), gpu.enforced.as_deref(), gpu.used.as_deref()), (Some("0"), Some("0"), Some("0")));
    assert!(view.drift.is_empty(), "{:?}", view.drift);
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_grant_of_cards_is_a_new_revision_and_taking_it_back_another(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let declared = rig.ready().await;
    let actor = Actor::System("test");
    let card = |count: u32| BTreeMap::from([("nvidia.com/gpu".to_owned(), count)]);
    let enforced = |count: &'static str| {
        move |view: &domain::provisioning::NamespaceView| {
            let line = view.quota.iter().find(|l| l.resource == "requests.nvidia.com/gpu");
            view.observed_revision == view.revision && line.is_some_and(|l| l.enforced.as_deref() == Some(count))
        }
    };
    assert_eq!(grant_accelerators(&rig.db, &actor, declared.id, &card(2)).await.unwrap(), 2);
    rig.until(&declared, "two cards are enforced", enforced("2")).await;
    let namespace = rig.admin.get("Namespace", "", declared.name.as_str()).await.unwrap();
    assert_eq!(namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"], "baseline");
    assert_eq!(grant_accelerators(&rig.db, &actor, declared.id, &BTreeMap::new()).await.unwrap(), 3);
    let view = rig.until(&declared, "no card is left", enforced("0")).await;
    assert!(view.drift.is_empty(), "a change of ours is no drift: {:?}", view.drift);
    let refused =
        grant_accelerators(&rig.db, &actor, declared.id, &BTreeMap::from([("requests.nvidia.com/gpu".to_owned(), 1)]))
            .await;
    let Err(crate::Error::Invalid(fields)) = refused else { panic!("a key that nobody enforces was taken") };
    assert_eq!(fields[0].pointer, "/resources/requests.nvidia.com~1gpu");
    rig.stop().await;
}
