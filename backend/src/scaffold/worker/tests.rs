use std::sync::{Arc, Mutex};

use serde_json::json;
use sqlx::PgPool;

use super::*;
use crate::{
    scaffold::{Acceptance, RunView, accept, cancel, events_after, find, retry, testing::web_service},
    testing::{self, member},
};

type Script = dyn Fn(StepKind, usize) -> Result<StepOutcome> + Send + Sync;

/// A world that answers as the test says and remembers what it was asked.
struct World {
    script: Box<Script>,
    asked: Mutex<Vec<StepKind>>,
}

#[async_trait]
impl Steps for Arc<World> {
    async fn carry_out(&self, kind: StepKind, _: StepContext<'_>) -> Result<StepOutcome> {
        let n = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(kind);
            asked.iter().filter(|k| **k == kind).count()
        };
        (self.script)(kind, n)
    }
}

fn world(script: impl Fn(StepKind, usize) -> Result<StepOutcome> + Send + Sync + 'static) -> Arc<World> {
    Arc::new(World { script: Box::new(script), asked: Mutex::default() })
}

fn done(kind: StepKind) -> Result<StepOutcome> {
    let effect =
        Effect { kind: kind.as_str(), target: "x".into(), external_id: None, url: None, made_by_this_run: true };
    Ok(StepOutcome::Done { link: Some("/x".into()), effects: vec![effect] })
}

struct Bench {
    db: Db,
    pool: PgPool,
    viewer: domain::access::Viewer,
    run: Uuid,
    _keep: watch::Sender<bool>,
    go: watch::Receiver<bool>,
}

impl Bench {
    async fn new(pool: PgPool) -> Self {
        let db = Db::of_pool(pool.clone());
        let viewer = member(&db, "developer", "payments").await.unwrap();
        let (plan, hash) = testing::plan(&db, viewer.person, &web_service("checkout")).await.unwrap();
        let run = accept(&viewer, &db, &Acceptance { plan, hash }).await.unwrap();
        let (keep, go) = watch::channel(false);
        Self { db, pool, viewer, run, _keep: keep, go }
    }

    fn worker(&self, world: &Arc<World>) -> Worker<Arc<World>> {
        Worker { db: self.db.clone(), name: "test".into(), steps: world.clone() }
    }

    async fn view(&self) -> RunView {
        find(&self.viewer, &self.db, self.run).await.unwrap()
    }

    async fn sql(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.pool).await.unwrap();
    }
}

fn kinds() -> Vec<StepKind> {
    domain::scaffold::steps(&web_service("checkout")).into_iter().map(|step| step.kind).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_run_goes_through_its_steps_in_order_and_says_so(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let world = world(|kind, _| done(kind));
    assert!(bench.worker(&world).work_once(&bench.go).await.unwrap());
    assert_eq!(*world.asked.lock().unwrap(), kinds());
    let view = bench.view().await;
    assert_eq!(view.state, RunState::Succeeded);
    assert!(view.steps.iter().all(|step| step.state == domain::scaffold::StepState::Succeeded && step.attempt == 1));
    assert_eq!(view.effects.len(), kinds().len());
    let events = events_after(&bench.viewer, &bench.db, bench.run, 0).await.unwrap();
    assert_eq!(events.iter().map(|e| e.seq).collect::<Vec<_>>(), (1..=events.len() as i64).collect::<Vec<_>>());
    assert_eq!(events.last().unwrap().data, json!({"state": "succeeded"}));
    assert!(!bench.worker(&world).work_once(&bench.go).await.unwrap(), "nothing is left to do");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_does_not_answer_is_waited_for_without_holding_a_worker(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let world = world(|kind, n| match (kind, n) {
        (StepKind::PushCommit, 1..=2) => {
            Err(Error::Unavailable { dependency: crate::Dependency::GitHost, detail: "refused".into() })
        }
        _ => done(kind),
    });
    bench.worker(&world).work_once(&bench.go).await.unwrap();
    let view = bench.view().await;
    assert_eq!(view.state, RunState::Waiting);
    let first = view.waiting_for.unwrap();
    assert_eq!(first["kind"], "git_host");
    assert!(!bench.worker(&world).work_once(&bench.go).await.unwrap(), "not before its time");
    bench.sql("update run set not_before = now()").await;
    bench.worker(&world).work_once(&bench.go).await.unwrap();
    assert_eq!(bench.view().await.waiting_for.unwrap()["since"], first["since"], "since when does not move");
    bench.sql("update run set not_before = now()").await;
    bench.worker(&world).work_once(&bench.go).await.unwrap();
    let view = bench.view().await;
    assert_eq!((view.state, view.waiting_for), (RunState::Succeeded, None));
    assert_eq!(view.steps[1].attempt, 3);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_failed_step_ends_the_run_and_a_retry_goes_on_from_there(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let world = world(|kind, n| match (kind, n) {
        (StepKind::CreateRepository, _) => done(kind),
        (StepKind::PushCommit, 1) => Ok(StepOutcome::Failed("The repository is taken.".into())),
        _ => done(kind),
    });
    bench.worker(&world).work_once(&bench.go).await.unwrap();
    let view = bench.view().await;
    assert_eq!(view.state, RunState::Failed);
    assert_eq!(view.steps[1].error.as_deref(), Some("The repository is taken."));
    assert_eq!(view.effects.len(), 1, "what exists is listed");
    retry(&bench.viewer, &bench.db, bench.run).await.unwrap();
    bench.worker(&world).work_once(&bench.go).await.unwrap();
    assert_eq!(bench.view().await.state, RunState::Succeeded);
    let repositories = world.asked.lock().unwrap().iter().filter(|k| **k == StepKind::CreateRepository).count();
    assert_eq!(repositories, 1, "what was done is not done again");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_worker_that_lost_its_lease_writes_nothing(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let slow = bench.db.clone();
    let first = lease::claim(&bench.db, "slow").await.unwrap().unwrap();
    assert!(lease::claim(&bench.db, "quick").await.unwrap().is_none(), "held by the first");
    bench.sql("update run set lease_until = now() - interval '1 second'").await;
    let second = lease::claim(&bench.db, "quick").await.unwrap().unwrap();
    assert_eq!(second.lease.epoch, first.lease.epoch + 1);
    assert!(matches!(first.lease.begin(&slow).await, Err(Lost::Lease)));
    assert!(matches!(first.lease.check_margin(&slow).await, Err(Lost::Lease)));
    assert!(!first.lease.renew(&slow).await.unwrap());
    assert!(second.lease.begin(&bench.db).await.is_ok());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_effect_is_not_begun_shortly_before_the_lease_ends(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let claimed = lease::claim(&bench.db, "slow").await.unwrap().unwrap();
    claimed.lease.check_margin(&bench.db).await.unwrap();
    bench.sql("update run set lease_until = now() + interval '4 seconds'").await;
    assert!(matches!(claimed.lease.check_margin(&bench.db).await, Err(Lost::Lease)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn cancelling_takes_the_run_away_from_its_worker(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let claimed = lease::claim(&bench.db, "busy").await.unwrap().unwrap();
    cancel(&bench.viewer, &bench.db, bench.run).await.unwrap();
    assert!(matches!(claimed.lease.begin(&bench.db).await, Err(Lost::Lease)));
    let world = world(|kind, _| done(kind));
    bench.sql("update run set lease_until = null").await;
    assert!(!bench.worker(&world).work_once(&bench.go).await.unwrap());
    assert_eq!(bench.view().await.state, RunState::Cancelled);
    assert!(cancel(&bench.viewer, &bench.db, bench.run).await.is_err(), "only once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn many_workers_carry_out_each_run_once(pool: PgPool) {
    let bench = Bench::new(pool).await;
    for n in 0..9 {
        let (plan, hash) =
            testing::plan(&bench.db, bench.viewer.person, &web_service(&format!("service-{n}"))).await.unwrap();
        accept(&bench.viewer, &bench.db, &Acceptance { plan, hash }).await.unwrap();
    }
    let world = world(|kind, _| done(kind));
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let (worker, go) = (bench.worker(&world), bench.go.clone());
            tokio::spawn(async move { while worker.work_once(&go).await.unwrap() {} })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(world.asked.lock().unwrap().len(), 10 * kinds().len());
    let open: i64 =
        sqlx::query_scalar("select count(*) from run where state <> 'succeeded'").fetch_one(&bench.pool).await.unwrap();
    assert_eq!(open, 0);
}
