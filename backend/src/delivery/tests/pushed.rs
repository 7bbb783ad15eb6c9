//! What happens when the Git host tells of a push, while the engine asks it once an hour.

use sqlx::PgPool;
use uuid::Uuid;

use super::super::{DeliveryView, WorkerSettings, pushed};
use super::support::{Rig, Service};
use crate::{
    git_host::Webhook,
    testing::{
        rig::{eventually, stack},
        world,
    },
};

const HOURLY: u32 = 3600;

fn settings() -> WorkerSettings {
    WorkerSettings { source_interval: HOURLY, ..WorkerSettings::default() }
}

/// As the web process does when an event has come in.
async fn told(rig: &Rig, service: &Service) {
    let mut tx = rig.db.pool.begin().await.unwrap();
    assert!(pushed(&mut tx, &service.repository).await.unwrap());
    tx.commit().await.unwrap();
}

/// Another pod in this environment.
async fn push(rig: &Rig, service: &Service, environment: &str) -> String {
    let overlay = service.overlay(environment);
    let text = rig.read(service, &overlay).await + &format!("replicas:\n  - name: {}\n    count: 2\n", service.name);
    rig.push(service, "Run two of it", &[(&overlay, &text)], &[]).await.to_string()
}

fn runs(commit: &str) -> impl Fn(&DeliveryView) -> bool {
    move |view| view.is_well() && view.synced_commit.as_deref() == Some(commit)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_push_that_was_told_runs_at_once_and_going_back_does_too(pool: PgPool) {
    let mut rig = Rig::with(pool, settings()).await;
    let service = rig.service(&["dev", "staging"], |text| text).await;
    for environment in ["dev", "staging"] {
        rig.until(&service, environment, "it runs", DeliveryView::is_well).await;
    }
    let original = rig.read(&service, &service.overlay("dev")).await;
    let second = push(&rig, &service, "dev").await;
    told(&rig, &service).await;
    for environment in ["dev", "staging"] {
        rig.until(&service, environment, "the push arrives", runs(&second)).await;
    }
    let back = rig.push(&service, "One again", &[(&service.overlay("dev"), &original)], &[]).await;
    told(&rig, &service).await;
    rig.until(&service, "dev", "the way back arrives", runs(back.as_str())).await;
    eventually("nothing is left to tell", || async {
        let left = "select pushes - pushes_told from delivery_source";
        let left: i64 = sqlx::query_scalar(left).fetch_one(&rig.db.pool).await.unwrap();
        if left == 0 { Ok(()) } else { Err(left.to_string()) }
    })
    .await;
    let source = rig.admin.get("GitRepository", &service.namespace("dev"), "waymark-source").await.unwrap();
    let asked = &source["metadata"]["annotations"]["reconcile.fluxcd.io/requestedAt"];
    assert_eq!(asked, &format!("{second}..{back}"));
    let view = rig.view(&service, "dev").await;
    assert!(!view.events.iter().any(|event| event.kind == "healed"), "our own hand is no foreign one: {view:?}");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn production_alone_is_compared_with_a_push_at_once_and_stays(pool: PgPool) {
    let mut rig = Rig::with(pool, settings()).await;
    let service = rig.service(&["prod"], |text| text).await;
    rig.until(&service, "prod", "it runs", DeliveryView::is_well).await;
    let second = push(&rig, &service, "prod").await;
    told(&rig, &service).await;
    // Sooner than anybody would look without a reason.
    let compared = |view: &DeliveryView| {
        view.pinned.as_ref().is_some_and(|pinned| pinned.head.as_deref() == Some(&second) && pinned.is_behind())
    };
    let view = rig.until(&service, "prod", "the branch is compared", compared).await;
    assert_eq!(view.synced_commit.as_deref(), Some(service.first.as_str()));
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_repository_that_has_no_webhook_gets_one_and_gets_it_back(pool: PgPool) {
    let url = format!("http://localhost:9/{}", Uuid::new_v4().simple());
    let webhook = Webhook { url: url.parse().unwrap(), secret: "a secret that is only used by tests".into() };
    let mut rig = Rig::with(pool, WorkerSettings { webhook: Some(webhook), ..settings() }).await;
    let service = rig.service(&["dev"], |text| text).await;
    let (git, token, repository) = (stack("/git/url"), stack("/git/token"), service.repository.to_string());
    let there = async |expected: &[&str]| {
        eventually("the webhooks", || async {
            let found = world::webhooks(&git, &token, &repository).await.unwrap();
            if found == expected { Ok(()) } else { Err(format!("{found:?}")) }
        })
        .await;
    };
    there(&[&url]).await;
    rig.until(&service, "dev", "it runs", DeliveryView::is_well).await;
    let seen = async || {
        let seen =
            "select webhook_seen_at is not null and webhook_seen_at > now() - interval '1 hour' from delivery_source";
        sqlx::query_scalar::<_, bool>(seen).fetch_one(&rig.db.pool).await.unwrap()
    };
    eventually("it is remembered", || async { if seen().await { Ok(()) } else { Err(String::new()) } }).await;
    world::without_webhooks(&git, &token, &repository).await.unwrap();
    told(&rig, &service).await;
    eventually("the pass is over", || async {
        let left = "select pushes - pushes_told from delivery_source";
        let left: i64 = sqlx::query_scalar(left).fetch_one(&rig.db.pool).await.unwrap();
        if left == 0 { Ok(()) } else { Err(left.to_string()) }
    })
    .await;
    there(&[]).await;
    let later = "update delivery_source set webhook_seen_at = now() - interval '61 minutes'";
    sqlx::query(later).execute(&rig.db.pool).await.unwrap();
    told(&rig, &service).await;
    there(&[&url]).await;
    rig.stop().await;
}
