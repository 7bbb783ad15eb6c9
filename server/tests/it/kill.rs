//! A worker is killed at every point of every step. Whatever happens, there is one repository with one commit, one
//! entity, one fenced namespace and one delivery that runs in the end. The cases come from the registry of steps.

use std::{os::unix::process::ExitStatusExt, rc::Rc, time::Duration};

use backend::testing::world;
use domain::scaffold::{KillPoint, RunState, StepKind, steps};
use rand::Rng;
use tokio::{
    sync::Semaphore,
    task::{JoinHandle, LocalSet},
};

use crate::{
    stack::Stack,
    whole_run::{self, Reach, WholeRun},
};

/// Cases under way at once; each has a database of its own.
const AT_ONCE: usize = 4;
const TEAM: &str = "killers";

/// How many workers are killed at moments that nobody chose.
const KILLS: &str = "WAYMARK_KILLS";
const KILLS_IN_EVERY_TEST: u32 = 4;
/// Of one run; the last worker may live.
const KILLS_A_RUN: u32 = 5;
/// From the start of a worker to its end: longer than a whole run takes when nothing happens.
const LIFE_MILLIS: u64 = 9_000;
/// How a failpoint ends its process, and nothing else does: a panic and every error of the program are exit codes.
const SIGABRT: i32 = 6;
/// A killed worker's run is free again when its lease has ended.
const LEASE_MILLIS: u64 = 15_000;

#[tokio::test]
async fn killed_anywhere_everything_is_there_exactly_once() {
    let planned = steps(&whole_run::plan(TEAM, "planned")).into_iter().map(|step| step.kind);
    assert_eq!(planned.collect::<Vec<_>>(), StepKind::ALL, "a kind that the plan has no step of is killed nowhere");
    let cases = StepKind::ALL.into_iter().flat_map(|kind| KillPoint::ALL.map(|point| (kind, point)));
    let proven =
        all_of(cases.collect(), |run, (kind, point)| prove(run, format!("{}:{}", kind.as_str(), point.as_str())));
    assert_eq!(proven.await, StepKind::ALL.len() * KillPoint::ALL.len());
}

#[tokio::test]
async fn killed_at_any_moment_everything_is_there_exactly_once() {
    let kills = std::env::var(KILLS).ok().map_or(KILLS_IN_EVERY_TEST, |text| text.parse().unwrap());
    let runs = if kills <= KILLS_IN_EVERY_TEST { vec![1; kills as usize] } else { shares(kills) };
    all_of(runs, kill_at_any_moment).await;
}

/// As many runs as it takes for that many kills.
fn shares(kills: u32) -> Vec<u32> {
    (0..kills.div_ceil(KILLS_A_RUN)).map(|nth| (kills - nth * KILLS_A_RUN).min(KILLS_A_RUN)).collect()
}

/// Proves each case with a run of its own, a few at once, and answers how many there were.
async fn all_of<C, F>(cases: Vec<C>, prove: impl Fn(WholeRun, C) -> F + Copy + 'static) -> usize
where
    C: 'static,
    F: Future<Output = ()> + 'static,
{
    let _ = rustls::crypto::ring::default_provider().install_default();
    let stack = Rc::new(Stack::read());
    world::organisation(&stack.git.url, &stack.git.token, TEAM).await.unwrap();
    let room = Rc::new(Semaphore::new(AT_ONCE));
    let local = LocalSet::new();
    let running: Vec<JoinHandle<()>> = cases
        .into_iter()
        .map(|case| {
            let (stack, room) = (stack.clone(), room.clone());
            local.spawn_local(async move {
                let _place = room.acquire().await.unwrap();
                prove(WholeRun::accepted(stack, TEAM).await, case).await;
            })
        })
        .collect();
    let count = running.len();
    local.await;
    for case in running {
        case.await.unwrap();
    }
    count
}

async fn kill_at_any_moment(run: WholeRun, kills: u32) {
    let mut lives = vec![];
    for nth in 0..kills {
        let longest = if nth == 0 { LIFE_MILLIS } else { LEASE_MILLIS + LIFE_MILLIS };
        let life = Duration::from_millis(rand::rng().random_range(0..longest));
        lives.push(life);
        let _worker = run.worker(&run.reach());
        tokio::time::sleep(life).await;
    }
    let _last = run.worker(&run.reach());
    run.finished().await;
    run.count(&format!("killed after {lives:?}")).await;
}

async fn prove(run: WholeRun, failpoint: String) {
    let doomed = Reach { failpoint: Some(failpoint.clone()), ..run.reach() };
    let status = run.worker(&doomed).ended().await;
    assert_eq!(status.signal(), Some(SIGABRT), "{failpoint}: the worker ended by itself, {status}");
    assert_ne!(run.view().await.state, RunState::Succeeded, "{failpoint}: it was killed too late");
    let _second = run.worker(&run.reach());
    run.finished().await;
    run.count(&failpoint).await;
}
