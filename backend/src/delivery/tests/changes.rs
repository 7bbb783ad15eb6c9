use domain::delivery::ChangeState;
use sqlx::PgPool;

use super::super::{ChangeRequest, confirm, request};
use super::support::{Rig, Service, TEAM};
use crate::{Error, git_host::Revision, testing::rig::CLUSTER};

const BUILT: &str = "    newName: registry.example/built\n    newTag: \"1.5\"\n";

/// What a build writes into the overlay.
fn built(overlay: &str) -> String {
    let starter = overlay.find("    newName:").unwrap();
    format!("{}{BUILT}", &overlay[..starter])
}

fn promotion(service: &Service) -> ChangeRequest {
    ChangeRequest::Promote { cluster: CLUSTER.into(), from: service.namespace("dev"), to: service.namespace("staging") }
}

/// A service whose dev runs a build and whose staging runs the starter image.
async fn built_in_dev(rig: &mut Rig) -> Service {
    let service = rig.service(&["dev", "staging"], |text| text).await;
    let dev = service.overlay("dev");
    let text = built(&rig.read(&service, &dev).await);
    rig.push(&service, "Build 1.5", &[(&dev, &text)], &[]).await;
    let is_built = |view: &super::super::DeliveryView| view.is_well() && view.version().as_deref() == Some("1.5");
    let view = rig.until(&service, "dev", "the build runs", is_built).await;
    assert!(!view.runs_starter);
    service
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_promotion_is_a_commit_whose_difference_was_shown_and_a_roll_back_undoes_it(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = built_in_dev(&mut rig).await;
    let developer = rig.person("developer", &[TEAM]).await;
    let before = rig.head(&service).await;
    let overlay = rig.read(&service, &service.overlay("staging")).await;
    let change = request(&developer, &rig.db, &promotion(&service)).await.unwrap();
    let ready = rig.until_state(change, ChangeState::Ready).await;
    let diff = ready.diff.unwrap();
    let marked = |sign: char| {
        diff.lines().filter(|l| l.starts_with(sign) && !l.starts_with("---") && !l.starts_with("+++")).count()
    };
    assert_eq!((marked('-'), marked('+')), (2, 2), "{diff}");
    assert!(diff.contains("+    newTag: \"1.5\"") && diff.contains("   # Written by a build."), "{diff}");
    assert_eq!(rig.head(&service).await, before, "nothing is pushed before somebody agrees");
    assert_eq!(confirm(&developer, &rig.db, change).await.unwrap(), ChangeState::Queued);
    let synced = rig.until_state(change, ChangeState::Synced).await;
    let head = rig.head(&service).await;
    assert_eq!(synced.commit.as_deref(), Some(head.as_str()));
    let shown =
        rig.git.diff(&service.repository, &Revision::Commit(before.clone()), &Revision::Commit(head)).await.unwrap();
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|l| l.starts_with(['+', '-']) && !l.starts_with("+++") && !l.starts_with("---"))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(lines(&shown.text), lines(&diff), "what was pushed is what was shown");
    let runs = |version: &'static str| {
        move |view: &super::super::DeliveryView| view.is_well() && view.version().as_deref() == Some(version)
    };
    let staging = rig.until(&service, "staging", "the build runs here too", runs("1.5")).await;
    assert_eq!(staging.releases.len(), 2);
    let again = request(&developer, &rig.db, &promotion(&service)).await.unwrap();
    let nothing = rig.until_state(again, ChangeState::Failed).await;
    assert!(nothing.problem.unwrap().contains("nothing to change"));
    let commit = staging.releases[1].commit.clone();
    let back = ChangeRequest::RollBack { cluster: CLUSTER.into(), namespace: service.namespace("staging"), commit };
    let change = request(&developer, &rig.db, &back).await.unwrap();
    rig.until_state(change, ChangeState::Ready).await;
    confirm(&developer, &rig.db, change).await.unwrap();
    rig.until_state(change, ChangeState::Synced).await;
    assert_eq!(rig.read(&service, &service.overlay("staging")).await, overlay, "the overlay is what it was");
    rig.until(&service, "staging", "the starter runs again", |view| view.is_well() && view.runs_starter).await;
    assert_eq!(rig.view(&service, "dev").await.version().as_deref(), Some("1.5"), "dev stays as it is");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_push_of_others_is_kept_and_one_to_the_same_file_stops_the_change(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = built_in_dev(&mut rig).await;
    let developer = rig.person("developer", &[TEAM]).await;
    let change = request(&developer, &rig.db, &promotion(&service)).await.unwrap();
    rig.until_state(change, ChangeState::Ready).await;
    let others = rig.push(&service, "Say hello", &[("README.md", "# hello\n")], &[]).await;
    confirm(&developer, &rig.db, change).await.unwrap();
    rig.until_state(change, ChangeState::Synced).await;
    assert_eq!(rig.read(&service, "README.md").await, "# hello\n");
    let log =
        rig.git.list_commits(&service.repository, &Revision::Branch(crate::git_host::Branch::main()), 5).await.unwrap();
    assert_eq!((log[0].run, &log[1].id), (Some(change), &others));
    // The same file, changed by others after it was read.
    let dev = service.overlay("dev");
    let newer = rig.read(&service, &dev).await.replace("1.5", "1.6");
    rig.push(&service, "Build 1.6", &[(&dev, &newer)], &[]).await;
    let is_newer = |view: &super::super::DeliveryView| view.is_well() && view.version().as_deref() == Some("1.6");
    rig.until(&service, "dev", "the newer build runs", is_newer).await;
    let change = request(&developer, &rig.db, &promotion(&service)).await.unwrap();
    rig.until_state(change, ChangeState::Ready).await;
    let staging = service.overlay("staging");
    let theirs = rig.read(&service, &staging).await.replace("1.5", "1.5.1");
    let theirs = rig.push(&service, "Mend staging", &[(&staging, &theirs)], &[]).await;
    confirm(&developer, &rig.db, change).await.unwrap();
    let stale = rig.until_state(change, ChangeState::Stale).await;
    assert!(stale.problem.unwrap().contains("Start it again"));
    assert_eq!(rig.head(&service).await, theirs, "nothing was pushed over it");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_worker_that_died_after_the_push_leaves_one_commit(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = built_in_dev(&mut rig).await;
    let developer = rig.person("developer", &[TEAM]).await;
    let change = request(&developer, &rig.db, &promotion(&service)).await.unwrap();
    rig.until_state(change, ChangeState::Ready).await;
    confirm(&developer, &rig.db, change).await.unwrap();
    let first = rig.until_state(change, ChangeState::Synced).await.commit;
    let later = rig.push(&service, "Say hello", &[("README.md", "# hello\n")], &[]).await;
    // As it stands when the push is done and nothing of it is noted.
    sqlx::query(
        "with again as (update delivery_change set state = 'queued', commit_id = null, pushed_at = null, finished_at = null
                        where change_id = $1 returning delivery_id)
         update delivery_source set due_at = now(), wakes = wakes + 1",
    )
    .bind(change)
    .execute(&rig.db.pool)
    .await
    .unwrap();
    let second = rig.until_state(change, ChangeState::Synced).await.commit;
    assert_eq!((first.is_some(), first == second), (true, true));
    assert_eq!(rig.head(&service).await, later, "no second commit was made");
    let pushed: i64 = sqlx::query_scalar("select count(*) from audit_entry where action = 'delivery.push'")
        .fetch_one(&rig.db.pool)
        .await
        .unwrap();
    assert_eq!(pushed, 2, "both times it was noted by whoever found it there");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_what_was_in_force_can_be_rolled_back_to(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "staging"], |text| text).await;
    rig.until(&service, "staging", "it runs", |view| view.is_well()).await;
    let developer = rig.person("developer", &[TEAM]).await;
    for commit in ["0123456789abcdef0123456789abcdef01234567", "main", "--upload-pack=x"] {
        let back = ChangeRequest::RollBack {
            cluster: CLUSTER.into(),
            namespace: service.namespace("staging"),
            commit: commit.into(),
        };
        assert!(matches!(request(&developer, &rig.db, &back).await, Err(Error::Invalid(_))), "{commit}");
    }
    let itself = ChangeRequest::Promote {
        cluster: CLUSTER.into(),
        from: service.namespace("staging"),
        to: service.namespace("staging"),
    };
    assert!(matches!(request(&developer, &rig.db, &itself).await, Err(Error::Invalid(_))));
    rig.stop().await;
}
