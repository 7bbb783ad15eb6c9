//! Production by the back door.

use domain::delivery::ChangeState;
use serde_json::json;
use sqlx::PgPool;

use super::super::{ChangeRequest, DeliveryView};
use super::support::{Rig, Service, unpin};
use crate::testing::rig::{CLUSTER, eventually};

pub(super) const BASE: &str = "deploy/base/deployment.yaml";

/// More memory, for every environment.
pub(super) async fn push_base(rig: &Rig, service: &Service, memory: &str) -> String {
    let text = rig.read(service, BASE).await;
    let at = text.find("limits: {memory: ").unwrap() + "limits: {memory: ".len();
    let text = format!("{}{memory}{}", &text[..at], &text[at + 4..]);
    rig.push(service, "More memory", &[(BASE, &text)], &[]).await.to_string()
}

/// Another pod, in one environment.
pub(super) async fn push_replicas(rig: &Rig, service: &Service, environment: &str) -> String {
    let overlay = service.overlay(environment);
    let text = rig.read(service, &overlay).await + &format!("replicas:\n  - name: {}\n    count: 2\n", service.name);
    rig.push(service, "Another pod", &[(&overlay, &text)], &[]).await.to_string()
}

/// What the deployment in the cluster says: replicas and limit of memory.
pub(super) async fn runs(rig: &Rig, service: &Service, environment: &str) -> (i64, String) {
    let object = rig.admin.get("Deployment", &service.namespace(environment), &service.name).await.unwrap();
    let limit = &object["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"];
    (object["spec"]["replicas"].as_i64().unwrap(), limit.as_str().unwrap().to_owned())
}

pub(super) fn is_behind(view: &DeliveryView) -> bool {
    view.pinned.as_ref().is_some_and(|pinned| pinned.is_behind())
}

/// The engine has looked at the repository since now.
async fn engine_looked(rig: &Rig, service: &Service, environment: &str) {
    let (namespace, at) = (service.namespace(environment), uuid::Uuid::new_v4().to_string());
    let annotations = json!({ "metadata": { "annotations": { "reconcile.fluxcd.io/requestedAt": at } } });
    for kind in ["GitRepository", "Kustomization"] {
        let name = if kind == "GitRepository" { "waymark-source" } else { "waymark-delivery" };
        rig.admin.tamper(kind, &namespace, name, annotations.clone()).await;
        eventually("the engine has looked", || async {
            let object = rig.admin.get(kind, &namespace, name).await.unwrap();
            if object["status"]["lastHandledReconcileAt"] == at { Ok(()) } else { Err(object["status"].to_string()) }
        })
        .await;
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_pushed_by_hand_reaches_production_only_when_a_lead_has_seen_it(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod", "staging"], |text| text).await;
    for environment in ["dev", "staging", "prod"] {
        rig.until(&service, environment, "it runs", DeliveryView::is_well).await;
    }
    push_replicas(&rig, &service, "prod").await;
    push_replicas(&rig, &service, "dev").await;
    let pushed = push_base(&rig, &service, "48Mi").await;
    for (environment, replicas) in [("dev", 2), ("staging", 1)] {
        let is_there = |view: &DeliveryView| view.is_well() && view.synced_commit.as_deref() == Some(pushed.as_str());
        rig.until(&service, environment, "the push arrives", is_there).await;
        assert_eq!(runs(&rig, &service, environment).await, (replicas, "48Mi".to_owned()));
    }
    let compared = |view: &DeliveryView| {
        is_behind(view) && view.pinned.as_ref().and_then(|p| p.head.as_deref()) == Some(pushed.as_str())
    };
    let view = rig.until(&service, "prod", "the page says what is not released", compared).await;
    engine_looked(&rig, &service, "prod").await;
    assert_eq!(runs(&rig, &service, "prod").await, (1, "32Mi".to_owned()), "a push reached production");
    let pinned = view.pinned.clone().unwrap();
    let (base, overlay) = (BASE.to_owned(), service.overlay("prod"));
    assert_eq!(pinned.unreleased_files, Some(vec![base.clone(), overlay.clone()]));
    assert_eq!((pinned.commits_ahead, pinned.commit.as_str()), (Some(3), service.first.as_str()));
    assert!(view.is_well(), "it runs what it should: {view:?}");
    // The images are the same everywhere, so all that a promotion brings is what was pushed by hand.
    let wanted = ChangeRequest::Promote {
        cluster: CLUSTER.into(),
        from: service.namespace("staging"),
        to: service.namespace("prod"),
    };
    let ready = rig.ready(&wanted).await;
    let diff = ready.diff.unwrap();
    assert!(diff.contains("+            limits: {memory: 48Mi}") && diff.contains("+    count: 2"), "{diff}");
    assert_eq!(ready.compared_with.as_deref(), Some(service.first.as_str()));
    assert_eq!(ready.notes.len(), 1);
    assert!(ready.notes[0].contains(&base) && ready.notes[0].contains(&overlay), "{:?}", ready.notes);
    let synced = rig.approved(ready.id).await;
    let head = rig.head(&service).await.to_string();
    assert_eq!(synced.commit.as_deref(), Some(head.as_str()));
    let released = |view: &DeliveryView| view.is_well() && view.pinned.as_ref().is_some_and(|p| p.commit == head);
    let view = rig.until(&service, "prod", "what was approved runs", released).await;
    assert_eq!(runs(&rig, &service, "prod").await, (2, "48Mi".to_owned()));
    let pinned = view.pinned.clone().unwrap();
    assert_eq!((pinned.change, pinned.approved_by.as_deref()), (Some(ready.id), Some("lead")));
    rig.until(&service, "prod", "nothing is left to release", |view| !is_behind(view)).await;
    assert!(!view.events.iter().any(|event| event.kind == "healed"), "our own hand is no foreign one: {view:?}");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pin_that_others_move_or_take_out_is_put_back(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod"], |text| text).await;
    for environment in ["dev", "prod"] {
        rig.until(&service, environment, "it runs", DeliveryView::is_well).await;
    }
    let pushed = push_base(&rig, &service, "48Mi").await;
    rig.until(&service, "dev", "the push arrives", |view| view.synced_commit.as_deref() == Some(pushed.as_str())).await;
    let first = service.first.as_str();
    for (environment, theirs, ours) in [
        ("prod", json!({ "commit": null }), json!({ "branch": "main", "commit": first })),
        ("prod", json!({ "commit": pushed }), json!({ "branch": "main", "commit": first })),
        ("prod", json!({ "name": "refs/heads/main" }), json!({ "branch": "main", "commit": first })),
        ("dev", json!({ "commit": first }), json!({ "branch": "main" })),
    ] {
        let namespace = service.namespace(environment);
        let before = healed(&rig.view(&service, environment).await);
        rig.admin.tamper("GitRepository", &namespace, "waymark-source", json!({ "spec": { "ref": theirs } })).await;
        rig.until(&service, environment, "it is told", |view| healed(view) > before).await;
        eventually("it is put back", || async {
            let object = rig.admin.get("GitRepository", &namespace, "waymark-source").await.unwrap();
            if object["spec"]["ref"] == ours { Ok(()) } else { Err(object["spec"].to_string()) }
        })
        .await;
    }
    engine_looked(&rig, &service, "prod").await;
    rig.until(&service, "prod", "it runs what it ran", |view| {
        view.is_well() && view.synced_commit.as_deref() == Some(first)
    })
    .await;
    assert_eq!(runs(&rig, &service, "prod").await.1, "32Mi");
    rig.stop().await;
}

fn healed(view: &DeliveryView) -> usize {
    view.events.iter().filter(|event| event.kind == "healed").count()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_declared_before_there_were_pins_stays_at_what_it_runs(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod"], |text| text).await;
    let first = service.first.to_string();
    rig.until(&service, "prod", "it runs", DeliveryView::is_well).await;
    unpin(&mut rig.db.pool.acquire().await.unwrap()).await;
    let pushed = push_base(&rig, &service, "48Mi").await;
    rig.until(&service, "dev", "the push arrives", |view| view.synced_commit.as_deref() == Some(pushed.as_str())).await;
    let adopted = |view: &DeliveryView| {
        view.is_well() && is_behind(view) && view.events.iter().any(|event| event.kind == "pinned")
    };
    let view = rig.until(&service, "prod", "it is pinned", adopted).await;
    assert_eq!((view.pinned.unwrap().commit, runs(&rig, &service, "prod").await.1), (first, "32Mi".to_owned()));
    assert!(!view.events.iter().any(|event| event.kind == "healed"), "nobody has changed anything");
    // What never ran begins with the branch as it is found.
    let files = crate::testing::overlay(&service.name, &service.namespace("production"), "production");
    let overlay = files.iter().find(|file| file.path.as_str().contains("overlays")).unwrap();
    let head =
        rig.push(&service, "One more place", &[(overlay.path.as_str(), &overlay.content)], &[]).await.to_string();
    rig.declare_unpinned(&service, "production").await;
    let at_head = |view: &DeliveryView| view.is_well() && view.synced_commit.as_deref() == Some(head.as_str());
    let view = rig.until(&service, "production", "it runs", at_head).await;
    assert_eq!(view.pinned.unwrap().commit, head);
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_worker_that_died_after_the_push_pins_once(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod"], |text| text).await;
    rig.until(&service, "prod", "it runs", DeliveryView::is_well).await;
    push_base(&rig, &service, "48Mi").await;
    rig.until(&service, "prod", "there is something to release", is_behind).await;
    let wanted = ChangeRequest::Release { cluster: CLUSTER.into(), namespace: service.namespace("prod") };
    let change = rig.ready(&wanted).await.id;
    let first = rig.approved(change).await.commit;
    let later = rig.push(&service, "Say hello", &[("README.md", "# hello\n")], &[]).await;
    // As it stands when the push is done and nothing of it is noted.
    let mut tx = rig.db.pool.begin().await.unwrap();
    sqlx::query("alter table delivery_pin disable trigger user").execute(&mut *tx).await.unwrap();
    sqlx::query("delete from delivery_pin where change_id = $1").bind(change).execute(&mut *tx).await.unwrap();
    sqlx::query("alter table delivery_pin enable trigger user").execute(&mut *tx).await.unwrap();
    sqlx::query(
        "update delivery_change set state = 'queued', commit_id = null, pushed_at = null, finished_at = null
         where change_id = $1",
    )
    .bind(change)
    .execute(&mut *tx)
    .await
    .unwrap();
    sqlx::query("update delivery_source set due_at = now(), wakes = wakes + 1").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let second = rig.until_state(change, ChangeState::Synced).await.commit;
    assert_eq!((first.is_some(), first == second), (true, true));
    assert_eq!(rig.head(&service).await, later, "no second commit was made");
    let pins: Vec<String> = sqlx::query_scalar("select commit_id from delivery_pin where change_id = $1")
        .bind(change)
        .fetch_all(&rig.db.pool)
        .await
        .unwrap();
    assert_eq!(pins, [second.unwrap()]);
    rig.stop().await;
}
