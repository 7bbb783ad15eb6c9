//! A worker that is killed at any moment leaves one branch, one commit and one change request.

use super::{
    super::{look::Look, queue::Changes},
    requests::{at_host, file, imported},
    *,
};
use crate::{
    catalog::living::tests::Rig,
    git_host::Branch,
    keyed_queue::{Claim, Keys, Stop},
};

async fn claimed(db: &Db) -> Claim {
    sqlx::query("update catalog_change set lease_until = null, due_at = now()").execute(&db.pool).await.unwrap();
    Changes { is_waiting: true }.claim(db, "worker", 1).await.unwrap().remove(0)
}

async fn requests(rig: &Rig, repository: &str) -> usize {
    let path = format!("{repository}/pulls?state=all");
    at_host(rig, "GET", &path, serde_json::Value::Null).await.as_array().unwrap().len()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whoever_goes_on_makes_nothing_twice(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let mut repository = imported(&rig).await;
    rig.rest().await;
    let change = ask(&rig.member, &rig.db, "ledger", |form| form.description = "New".to_owned()).await.unwrap();
    let branch = Branch::of_run(change);
    let look = |claim| Look { db: &rig.db, git_host: &*rig.git, claim };

    // Killed after the push, before the change request.
    let first = claimed(&rig.db).await;
    let open = look(&first).load().await.unwrap().unwrap();
    let prepared = look(&first).prepare(&open).await.unwrap();
    let commit = look(&first).push(&open, &prepared).await.unwrap();
    assert_eq!(rig.git.branch_head(&repository.name, &branch).await.unwrap(), Some(commit.clone()));
    // Others push meanwhile; what was begun stays on what it was begun on.
    rig.pushed_unseen(&mut repository, &[("README.md", "# Ledger\n")]).await;
    let second = claimed(&rig.db).await;
    assert!(matches!(look(&first).push(&open, &prepared).await, Err(Stop::LeaseLost)));
    assert!(matches!(look(&first).open(&open, &commit).await, Err(Stop::LeaseLost)));
    assert_eq!(requests(&rig, &repository.name.to_string()).await, 0);
    eventually("the host sees the branch", || async { look(&second).run().await.map_err(|stop| format!("{stop:?}")) })
        .await;
    let opened = find_entity_change(&rig.member, &rig.db, change).await.unwrap();
    assert_eq!(opened.state, EntityChangeState::Opened);
    assert_eq!(rig.git.branch_head(&repository.name, &branch).await.unwrap(), Some(commit.clone()));

    // Killed after the change request, before it was written down.
    sqlx::query("update catalog_change set state = 'asked', number = null, url = null, commit_id = null")
        .execute(&rig.db.pool)
        .await
        .unwrap();
    let third = claimed(&rig.db).await;
    look(&third).run().await.unwrap();
    let again = find_entity_change(&rig.member, &rig.db, change).await.unwrap();
    assert_eq!((again.state, again.number, &again.diff), (EntityChangeState::Opened, opened.number, &opened.diff));
    assert_eq!(rig.git.branch_head(&repository.name, &branch).await.unwrap(), Some(commit));
    assert_eq!(requests(&rig, &repository.name.to_string()).await, 1);
    assert!(file(&rig, &repository, &branch).await.contains("description: New\n"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_worker_that_lost_a_change_writes_nothing(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    imported(&rig).await;
    rig.rest().await;
    let change = ask(&rig.member, &rig.db, "ledger", |form| form.description = "New".to_owned()).await.unwrap();
    let claim = claimed(&rig.db).await;
    let stale = Claim { epoch: claim.epoch - 1, ..claim.clone() };
    let look = Look { db: &rig.db, git_host: &*rig.git, claim: &stale };
    assert!(matches!(look.run().await, Err(Stop::LeaseLost)));
    let untouched = find_entity_change(&rig.member, &rig.db, change).await.unwrap();
    assert_eq!((untouched.state, untouched.diff), (EntityChangeState::Asked, None));
    // Nor does it end what it cannot carry out any more.
    sqlx::query("update catalog_change set created_at = now() - interval '2 days'")
        .execute(&rig.db.pool)
        .await
        .unwrap();
    assert!(matches!(look.run().await, Err(Stop::LeaseLost)));
    Look { claim: &claim, ..look }.run().await.unwrap();
    assert_eq!(find_entity_change(&rig.member, &rig.db, change).await.unwrap().state, EntityChangeState::Failed);
}
