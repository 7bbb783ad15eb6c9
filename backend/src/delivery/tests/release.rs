//! What a lead agrees to is everything that changes.

use domain::delivery::ChangeState;
use sqlx::PgPool;

use super::super::{ChangeRequest, DeliveryView, approve, confirm, request};
use super::pin::{BASE, is_behind, push_base, push_replicas, runs};
use super::support::{Rig, Service, TEAM};
use crate::{Error, testing::rig::CLUSTER};

fn release(service: &Service, environment: &str) -> ChangeRequest {
    ChangeRequest::Release { cluster: CLUSTER.into(), namespace: service.namespace(environment) }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_pushed_after_the_difference_was_read_stops_the_change(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod"], |text| text).await;
    rig.until(&service, "prod", "it runs", DeliveryView::is_well).await;
    let developer = rig.person("developer", &[TEAM]).await;
    assert!(matches!(request(&developer, &rig.db, &release(&service, "dev")).await, Err(Error::Invalid(_))));
    push_replicas(&rig, &service, "prod").await;
    rig.until(&service, "prod", "there is something to release", is_behind).await;
    let first = rig.ready(&release(&service, "prod")).await;
    let second = rig.ready(&release(&service, "prod")).await;
    assert!(!first.diff.as_deref().unwrap_or_default().contains(BASE));
    // The commit would write nothing, so the file that was pushed is none of those that it writes.
    let pushed = push_base(&rig, &service, "48Mi").await;
    rig.agreed(first.id).await;
    let stale = rig.until_state(first.id, ChangeState::Stale).await;
    assert!(stale.problem.unwrap().contains("Start it again"));
    assert_eq!(rig.head(&service).await.as_str(), pushed, "nothing was pushed");
    assert_eq!(runs(&rig, &service, "prod").await, (1, "32Mi".to_owned()));
    // What production is not built from stops nothing.
    let third = rig.ready(&release(&service, "prod")).await;
    rig.push(&service, "Say hello", &[("README.md", "# hello\n")], &[]).await;
    rig.approved(third.id).await;
    rig.until(&service, "prod", "it is released", |view| view.is_well() && !is_behind(view)).await;
    assert_eq!(runs(&rig, &service, "prod").await, (2, "48Mi".to_owned()));
    // Its left side runs no longer.
    rig.agreed(second.id).await;
    let stale = rig.until_state(second.id, ChangeState::Stale).await;
    assert!(stale.problem.unwrap().contains("Something else was released"));
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_roll_back_of_production_restores_everything_that_it_is_built_from(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod"], |text| text).await;
    rig.until(&service, "prod", "it runs", DeliveryView::is_well).await;
    let base = rig.read(&service, BASE).await;
    push_base(&rig, &service, "48Mi").await;
    rig.until(&service, "prod", "there is something to release", is_behind).await;
    let released = rig.ready(&release(&service, "prod")).await;
    rig.approved(released.id).await;
    let view = rig.until(&service, "prod", "two were in force", |view| view.releases.len() == 2).await;
    assert_eq!(runs(&rig, &service, "prod").await.1, "48Mi");
    assert_eq!(view.releases[1].commit, service.first.as_str());
    push_replicas(&rig, &service, "prod").await;
    rig.until(&service, "prod", "there is something more", is_behind).await;
    let back = ChangeRequest::RollBack {
        cluster: CLUSTER.into(),
        namespace: service.namespace("prod"),
        commit: service.first.to_string(),
    };
    let ready = rig.ready(&back).await;
    let diff = ready.diff.clone().unwrap();
    assert!(
        diff.contains("-            limits: {memory: 48Mi}") && diff.contains("+            limits: {memory: 32Mi}")
    );
    assert!(!diff.contains("count: 2"), "what never ran in production is no change of it: {diff}");
    let says = |words: &str| ready.notes.iter().any(|note| note.contains(words));
    assert!(says("takes back") && says(&service.overlay("prod")), "{:?}", ready.notes);
    assert!(says("dev is built from deploy/base/deployment.yaml as well"), "{:?}", ready.notes);
    let synced = rig.approved(ready.id).await;
    let view = rig.until(&service, "prod", "it runs as it did", |view| view.is_well() && !is_behind(view)).await;
    assert_eq!(runs(&rig, &service, "prod").await, (1, "32Mi".to_owned()));
    assert_eq!(view.pinned.unwrap().commit, synced.commit.unwrap());
    assert_eq!(rig.read(&service, BASE).await, base, "main says what production runs");
    rig.until(&service, "dev", "dev follows", DeliveryView::is_well).await;
    assert_eq!(runs(&rig, &service, "dev").await.1, "32Mi");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_lies_outside_the_repository_cannot_be_approved(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod"], |text| text).await;
    rig.until(&service, "prod", "it runs", DeliveryView::is_well).await;
    let overlay = service.overlay("prod");
    let text = rig.read(&service, &overlay).await;
    let remote = text.replace("  - ../../base\n", "  - ../../base\n  - https://example.org/all.yaml\n");
    rig.push(&service, "Take theirs", &[(&overlay, &remote)], &[]).await;
    let is_told = |view: &DeliveryView| view.pinned.as_ref().is_some_and(|pinned| pinned.problem.is_some());
    let view = rig.until(&service, "prod", "it is not known what is ahead", is_told).await;
    assert_eq!(view.pinned.unwrap().unreleased_files, None, "unknown is not nothing");
    let developer = rig.person("developer", &[TEAM]).await;
    let change = request(&developer, &rig.db, &release(&service, "prod")).await.unwrap();
    let failed = rig.until_state(change, ChangeState::Failed).await;
    assert!(failed.problem.unwrap().contains("https://example.org/all.yaml"));
    assert!(confirm(&developer, &rig.db, change).await.is_err());
    let lead = rig.person("lead", &[TEAM, "deliverers-leads"]).await;
    assert!(approve(&lead, &rig.db, change).await.is_err());
    rig.stop().await;
}

/// The table's own last word, whatever the code above it does.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_pin_is_moved_by_one_person_and_none_is_rewritten(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod"], |text| text).await;
    rig.until(&service, "prod", "it runs", DeliveryView::is_well).await;
    push_base(&rig, &service, "48Mi").await;
    rig.until(&service, "prod", "there is something to release", is_behind).await;
    let change = rig.ready(&release(&service, "prod")).await.id;
    let alone = sqlx::query(
        "insert into delivery_pin (delivery_id, commit_id, kind, change_id, requested_by, approved_by)
         select delivery_id, parent_commit, 'change', change_id, person_id, person_id from delivery_change
         where change_id = $1",
    )
    .bind(change)
    .execute(&rig.db.pool)
    .await;
    assert!(alone.unwrap_err().to_string().contains("delivery_pin_is_approved"));
    let rewritten = sqlx::query("update delivery_pin set commit_id = $1")
        .bind(rig.head(&service).await.as_str())
        .execute(&rig.db.pool)
        .await;
    assert!(rewritten.unwrap_err().to_string().contains("append-only"));
    rig.stop().await;
}
