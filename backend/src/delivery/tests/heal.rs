use serde_json::json;
use sqlx::PgPool;

use super::super::DeliveryView;
use super::support::Rig;
use crate::testing::rig::eventually;

fn healed<'a>(words: &'a str) -> impl Fn(&DeliveryView) -> bool + 'a {
    move |view| view.events.iter().any(|event| event.kind == "healed" && event.detail.contains(words))
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_others_change_of_the_engines_objects_is_put_back_and_told(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev"], |text| text).await;
    let namespace = service.namespace("dev");
    let view = rig.until(&service, "dev", "it runs", |view| view.is_well()).await;
    assert!(!view.events.iter().any(|event| event.kind == "healed"), "our own writes are no foreign changes");
    let edit = json!({ "spec": { "suspend": true, "serviceAccountName": "default" } });
    rig.admin.tamper("Kustomization", &namespace, "waymark-delivery", edit).await;
    rig.until(&service, "dev", "the account is put back", healed("spec.serviceAccountName")).await;
    rig.until(&service, "dev", "the pause is taken out", healed("spec.suspend")).await;
    eventually("the kustomization is as it should be", || async {
        let object = rig.admin.get("Kustomization", &namespace, "waymark-delivery").await.unwrap();
        let spec = &object["spec"];
        if spec["serviceAccountName"] == "waymark-deployer" && spec.get("suspend").is_none() {
            Ok(())
        } else {
            Err(spec.to_string())
        }
    })
    .await;
    let elsewhere = json!({ "spec": { "url": "https://example.org/theirs.git" } });
    rig.admin.tamper("GitRepository", &namespace, "waymark-source", elsewhere).await;
    rig.until(&service, "dev", "the address is put back", healed("spec.url")).await;
    rig.admin.delete("GitRepository", &namespace, "waymark-source").await;
    rig.until(&service, "dev", "it is made again", healed("GitRepository/waymark-source was deleted")).await;
    rig.until(&service, "dev", "it runs again", |view| view.is_well()).await;
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_credential_that_was_lost_is_issued_again_for_all_places_at_once(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "staging"], |text| text).await;
    for environment in ["dev", "staging"] {
        rig.until(&service, environment, "it runs", |view| view.is_well()).await;
    }
    let issued = |view: &DeliveryView| view.events.iter().filter(|event| event.kind == "credential").count();
    assert_eq!(issued(&rig.view(&service, "dev").await), 1, "one credential serves both places");
    // Nobody waits half a minute in a test.
    sqlx::query("update delivery_source set credential_issued_at = now() - interval '1 hour'")
        .execute(&rig.db.pool)
        .await
        .unwrap();
    let broken = json!({ "data": { "password": "bm90IGl0" } });
    rig.admin.tamper("Secret", &service.namespace("dev"), "waymark-git-read", broken).await;
    for environment in ["dev", "staging"] {
        rig.until(&service, environment, "a second credential", |view| issued(view) == 2).await;
        rig.until(&service, environment, "it runs", |view| view.is_well()).await;
    }
    sqlx::query("update delivery_source set credential_issued_at = now() - interval '1 hour'")
        .execute(&rig.db.pool)
        .await
        .unwrap();
    rig.admin.delete("Secret", &service.namespace("staging"), "waymark-git-read").await;
    rig.until(&service, "staging", "a third credential", |view| issued(view) == 3).await;
    rig.until(&service, "staging", "it runs", |view| view.is_well()).await;
    rig.stop().await;
}
