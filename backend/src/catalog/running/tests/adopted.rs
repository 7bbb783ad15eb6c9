//! What runs in no catalog: who is offered it, and what becomes of it.

use super::*;
use crate::Error;

async fn teams(world: &World) -> (Viewer, Viewer, Viewer) {
    let payments = testing::member(&world.db, "developer", "payments").await.unwrap();
    let search = testing::member(&world.db, "neighbour", "search").await.unwrap();
    let platform = testing::signed_in(&world.db, "platform", &["platform"]).await.unwrap();
    (payments, search, platform)
}

fn key(namespace: &str, what: &str) -> OfferKey {
    OfferKey {
        cluster: "local".into(),
        namespace: namespace.into(),
        what: Some(what.to_owned()).filter(|what| !what.is_empty()),
    }
}

fn group(name: &str) -> EntityRef {
    EntityRef::new("group", "default", name).unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_might_own_it_is_said_with_the_reason_and_told_to_them_alone(pool: PgPool) {
    let world = World::new(pool).await;
    let (payments, search, platform) = teams(&world).await;
    world.entity("system:default/mail", "payments", json!({})).await;
    world.entity("component:default/known", "search", json!({})).await;
    world.namespace("shop", json!({ "owner": "search" })).await;
    world.deployment("shop", "a", json!({ "team": "Payments", "app": "a" })).await;
    world.deployment("shop", "b", json!({ "app.kubernetes.io/part-of": "mail", "app": "b" })).await;
    world.deployment("shop", "c", json!({ "team": "nobody-knows", "app": "c" })).await;
    world.namespace("lab", json!({})).await;
    world.deployment("lab", "known", json!({ ID: "known" })).await;
    world.deployment("lab", "d", json!({ "app": "d" })).await;
    world.namespace("wild", json!({})).await;
    world.deployment("wild", "e", json!({})).await;
    for namespace in ["kube-system", "flux-system", "default"] {
        world.namespace(namespace, json!({ "team": "payments" })).await;
    }
    world.deployment("kube-system", "dns", json!({ "team": "payments" })).await;
    world.namespace("other-installation", json!({ "waymark.dev/instance": "x", "team": "payments" })).await;
    let all = [
        "lab/ ?",
        "lab/Deployment/d search Neighbours",
        "shop/ search Label { key: \"owner\", is_of_namespace: true }",
        "shop/Deployment/a payments Label { key: \"team\", is_of_namespace: false }",
        "shop/Deployment/b payments Whole { system: \"mail\" }",
        "shop/Deployment/c search Label { key: \"owner\", is_of_namespace: true }",
        "wild/ ?",
        "wild/Deployment/e ?",
    ];
    assert_eq!(world.offered(&platform).await, all);
    assert_eq!(world.offered(&payments).await, [all[3], all[4]]);
    assert_eq!(world.offered(&search).await, [all[1], all[2], all[5]]);
    assert_eq!(world.offered(&outsider()).await, [""; 0]);
    assert_eq!(world.offered(&testing::viewer(&[], &[Role::Leadership])).await, [""; 0]);
    let found = offers(&platform, &world.db).await.unwrap().found;
    let may: Vec<bool> = found.iter().map(|offer| offer.may_adopt).collect();
    assert_eq!(may, [true, true, true, true, true, true, true, false], "without a label nothing tells it apart");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn it_is_adopted_once_and_stands_for_exactly_what_was_offered(pool: PgPool) {
    let world = World::new(pool).await;
    let (payments, search, _) = teams(&world).await;
    world.namespace("shop", json!({ "team": "payments", "env": "prod" })).await;
    let instance = |name: &str| json!({ "app.kubernetes.io/instance": "front", "app.kubernetes.io/name": name });
    world.deployment("shop", "front-web", instance("web")).await;
    world.deployment("shop", "front-api", instance("api")).await;
    world.deployment("shop", "other", json!({ "app": "other" })).await;
    world.entity("component:default/front", "search", json!({})).await;
    let front = key("shop", "instance/front");
    assert!(matches!(adopt(&search, &world.db, &front, &group("search")).await, Err(Error::NotFound)));
    assert!(matches!(
        adopt(&search, &world.db, &key("shop", "instance/none"), &group("search")).await,
        Err(Error::NotFound)
    ));
    let moved = adopt(&payments, &world.db, &front, &group("search")).await;
    assert!(matches!(moved, Err(Error::Conflict { code: "proposal_moved", .. })));
    let made = adopt(&payments, &world.db, &front, &group("payments")).await.unwrap();
    assert_eq!(made.to_string(), "component:default/front-shop", "the name was taken");
    assert_eq!(adopt(&payments, &world.db, &front, &group("payments")).await.unwrap(), made, "once more is the same");
    assert!(matches!(adopt(&search, &world.db, &front, &group("search")).await, Err(Error::NotFound)));
    assert_eq!(world.runs(&payments, &made).await, ["shop/front-api", "shop/front-web"]);
    let found = catalog::find(&search, &world.db, &made).await.unwrap();
    assert_eq!(
        (found.owner.as_deref(), found.lifecycle.as_deref(), found.spec_type.as_deref()),
        (Some("group:default/payments"), Some("production"), Some("service"))
    );
    assert!(catalog::changing::may_change(&payments, &world.db, &made).await.unwrap());
    let told = catalog::timeline(&payments, &world.db, &made).await.unwrap();
    assert!(told.iter().any(|of| of.what == catalog::What::Adopted { by: "developer".into() }), "{told:?}");
    let audited = testing::audited(&world.db, &made.to_string()).await.unwrap();
    assert_eq!((audited.len(), audited[0].0.as_str()), (1, "catalog.adopt"));
    assert_eq!(audited[0].1["workloads"], json!(["Deployment/front-api", "Deployment/front-web"]));
    assert_eq!(world.offered(&payments).await.len(), 2, "the other one, and the namespace");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_namespace_is_adopted_too_and_the_platform_team_chooses(pool: PgPool) {
    let world = World::new(pool).await;
    let (payments, search, platform) = teams(&world).await;
    world.namespace("lab", json!({})).await;
    let lab = key("lab", "");
    assert!(matches!(adopt(&payments, &world.db, &lab, &group("payments")).await, Err(Error::NotFound)));
    let operator = testing::signed_in(&world.db, "operator", &["platform-operators"]).await.unwrap();
    assert_eq!(world.offered(&operator).await, ["lab/ ?"]);
    assert!(
        matches!(adopt(&operator, &world.db, &lab, &group("payments")).await, Err(Error::NotFound)),
        "operators see and do not choose"
    );
    assert!(matches!(adopt(&platform, &world.db, &lab, &group("nowhere")).await, Err(Error::Invalid(_))));
    let made = adopt(&platform, &world.db, &lab, &group("search")).await.unwrap();
    assert_eq!(made.to_string(), "resource:default/lab");
    assert_eq!(world.offered(&platform).await, [""; 0]);
    let found = catalog::find(&search, &world.db, &made).await.unwrap();
    assert_eq!(running_of(&search, &world.db, &made, &found.document).await.unwrap(), None, "it does not run itself");
    catalog::remove(&search, &world.db, &made).await.unwrap();
    assert_eq!(world.offered(&platform).await, ["lab/ ?"], "what was taken out stands for nothing");
    let again = adopt(&platform, &world.db, &lab, &group("search")).await;
    assert!(matches!(again, Err(Error::Conflict { code: "entity_removed", .. })));
}
