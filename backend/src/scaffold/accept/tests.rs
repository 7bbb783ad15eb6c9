use domain::access::PersonId;
use sqlx::PgPool;

use super::*;
use crate::{
    scaffold::testing::{budget, web_service},
    testing::{self, member},
};

fn acceptance(plan: Uuid, hash: &str) -> Acceptance {
    Acceptance { plan, hash: hash.to_owned() }
}

async fn count(pool: &PgPool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

fn conflict_code(error: Error) -> &'static str {
    match error {
        Error::Conflict { code, .. } => code,
        other => panic!("expected a conflict, got {other:?}"),
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_transaction_holds_everything(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let viewer = member(&db, "developer", "payments").await.unwrap();
    let (plan, hash) = testing::plan(&db, viewer.person, &web_service("checkout")).await.unwrap();
    let run = accept(&viewer, &db, &acceptance(plan, &hash)).await.unwrap();
    assert_eq!(count(&pool, "select count(*) from run").await, 1);
    assert_eq!(count(&pool, "select count(*) from run_step").await, 5);
    assert_eq!(count(&pool, "select count(*) from audit_entry where action = 'run.accept'").await, 1);
    assert_eq!(count(&pool, "select count(*) from plan where state = 'applied'").await, 1);
    let view = crate::scaffold::find(&viewer, &db, run).await.unwrap();
    assert_eq!(view.entity, "component:default/checkout");
    assert_eq!(view.steps.len(), 5);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_plan_is_applied_once_however_many_press_the_button(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let viewer = member(&db, "developer", "payments").await.unwrap();
    let (plan, hash) = testing::plan(&db, viewer.person, &web_service("checkout")).await.unwrap();
    let presses: Vec<_> = (0..10)
        .map(|_| {
            let (viewer, db, hash) = (viewer.clone(), db.clone(), hash.clone());
            tokio::spawn(async move { accept(&viewer, &db, &acceptance(plan, &hash)).await.unwrap() })
        })
        .collect();
    let mut runs = Vec::new();
    for press in presses {
        runs.push(press.await.unwrap());
    }
    runs.dedup();
    assert_eq!(runs.len(), 1);
    assert_eq!(count(&pool, "select count(*) from run").await, 1);
    assert_eq!(count(&pool, "select count(*) from audit_entry where action = 'run.accept'").await, 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_plan_of_yesterday_is_made_again_first(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let viewer = member(&db, "developer", "payments").await.unwrap();
    let (plan, hash) = testing::plan(&db, viewer.person, &web_service("checkout")).await.unwrap();
    sqlx::query("update plan set created_at = now() - interval '25 hours'").execute(&pool).await.unwrap();
    let old = accept(&viewer, &db, &acceptance(plan, &hash)).await.unwrap_err();
    assert_eq!(conflict_code(old), "plan_stale");
    assert_eq!(count(&pool, "select count(*) from run").await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn another_hash_than_the_one_that_was_read_is_refused(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let viewer = member(&db, "developer", "payments").await.unwrap();
    let (plan, _) = testing::plan(&db, viewer.person, &web_service("checkout")).await.unwrap();
    let refused = accept(&viewer, &db, &acceptance(plan, &"0".repeat(64))).await.unwrap_err();
    assert_eq!(conflict_code(refused), "plan_stale");
    assert_eq!(count(&pool, "select count(*) from run").await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn other_teams_neither_see_nor_apply_a_plan(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let viewer = member(&db, "developer", "payments").await.unwrap();
    let (plan, hash) = testing::plan(&db, viewer.person, &web_service("checkout")).await.unwrap();
    let neighbour = member(&db, "neighbour", "search").await.unwrap();
    let hidden = accept(&neighbour, &db, &acceptance(plan, &hash)).await.unwrap_err();
    assert!(matches!(hidden, Error::NotFound));
    // Whoever asked for the plan and has left the team since may look, and no more.
    let left = Viewer { teams: vec![], ..viewer.clone() };
    assert!(matches!(accept(&left, &db, &acceptance(plan, &hash)).await.unwrap_err(), Error::Forbidden(_)));
    let run = accept(&viewer, &db, &acceptance(plan, &hash)).await.unwrap();
    assert!(matches!(crate::scaffold::find(&neighbour, &db, run).await.unwrap_err(), Error::NotFound));
    assert!(crate::scaffold::events_after(&neighbour, &db, run, 0).await.unwrap().is_empty());
    assert!(matches!(crate::scaffold::cancel(&neighbour, &db, run).await.unwrap_err(), Error::NotFound));
    let stranger = Viewer { person: PersonId(Uuid::new_v4()), ..neighbour };
    let filter = crate::scaffold::RunFilter { limit: 10, ..Default::default() };
    assert!(crate::scaffold::list(&stranger, &db, &filter).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_name_that_was_taken_meanwhile_makes_the_plan_stale(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let viewer = member(&db, "developer", "payments").await.unwrap();
    let plan = web_service("checkout");
    let mut tx = db.pool.begin().await.unwrap();
    catalog::register(&mut tx, &plan.entity.reference, &json!({}), "import").await.unwrap();
    tx.commit().await.unwrap();
    let (id, hash) = testing::plan(&db, viewer.person, &plan).await.unwrap();
    let moved = accept(&viewer, &db, &acceptance(id, &hash)).await.unwrap_err();
    assert!(moved.to_string().contains("component:default/checkout"), "{moved}");
    assert_eq!(conflict_code(moved), "plan_stale");
    let view = crate::scaffold::find_plan(&viewer, &db, id).await.unwrap();
    assert_eq!(view.state, domain::scaffold::PlanState::Stale);
    assert!(view.problem.unwrap().contains("Choose another name"));
    assert_eq!(count(&pool, "select count(*) from run").await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_promise_under_way_holds_the_budget_until_it_is_decided(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let viewer = member(&db, "developer", "payments").await.unwrap();
    budget(&db, "payments", 1).await;
    let mut runs = Vec::new();
    for name in ["one", "two"] {
        let (plan, hash) = testing::plan(&db, viewer.person, &web_service(name)).await.unwrap();
        runs.push(accept(&viewer, &db, &acceptance(plan, &hash)).await.unwrap());
    }
    let card =
        [domain::scaffold::Reservation { cluster: "local".into(), resource: "nvidia.com/gpu".into(), amount: 1 }];
    let mut first = pool.begin().await.unwrap();
    reserve::reserve(&mut first, runs[0], "payments", &card).await.unwrap();
    let mut second = pool.begin().await.unwrap();
    sqlx::query("set local lock_timeout = '50ms'").execute(&mut *second).await.unwrap();
    let waited = reserve::reserve(&mut second, runs[1], "payments", &card).await.unwrap_err();
    assert!(matches!(waited, Error::Unavailable { .. }), "the second had to wait: {waited:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn promises_never_exceed_the_budget(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let viewer = member(&db, "developer", "payments").await.unwrap();
    budget(&db, "payments", 3).await;
    let mut presses = Vec::new();
    for n in 0..6 {
        let mut plan = web_service(&format!("model-{n}"));
        plan.reservations = vec![domain::scaffold::Reservation {
            cluster: "local".into(),
            resource: "nvidia.com/gpu".into(),
            amount: 1,
        }];
        let (id, hash) = testing::plan(&db, viewer.person, &plan).await.unwrap();
        let (viewer, db) = (viewer.clone(), db.clone());
        presses.push(tokio::spawn(async move { accept(&viewer, &db, &acceptance(id, &hash)).await }));
    }
    let mut accepted = Vec::new();
    for press in presses {
        match press.await.unwrap() {
            Ok(run) => accepted.push(run),
            Err(error) => assert_eq!(conflict_code(error), "plan_stale"),
        }
    }
    assert_eq!(accepted.len(), 3);
    assert_eq!(count(&pool, "select sum(amount) from quota_reservation where released_at is null").await, 3);
    crate::scaffold::cancel(&viewer, &db, accepted[0]).await.unwrap();
    assert_eq!(count(&pool, "select sum(amount) from quota_reservation where released_at is null").await, 2);
}
