//! From the run that makes a repository to the pods of a push, with nobody who asks by the clock.

#![expect(clippy::panic, reason = "a test that cannot go on says why")]

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use backend::{
    Db, DbSettings, delivery,
    git_host::{Branch, FileAt, GitHost, RepositoryName, Revision, Update},
    testing::world,
};
use domain::scaffold::{
    RunState,
    tree::{CommitId, CommitSpec, Content, FileContent, FileTree, RelPath},
};

use crate::{
    stack::Stack,
    support::TestApp,
    webhooks::{first, git_host, listening},
    whole_run::{Reach, WholeRun},
};

const TEAM: &str = "pushers";
const SOON: Duration = Duration::from_secs(40);

#[tokio::test]
async fn what_is_pushed_to_a_service_that_a_run_has_made_runs_at_once() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let stack = Rc::new(Stack::read());
    world::organisation(&stack.git.url, &stack.git.token, TEAM).await.unwrap();
    let run = WholeRun::accepted(stack.clone(), TEAM).await;
    let db = Db::connect(&DbSettings { url: run.database_url.clone(), max_connections: 5 }).unwrap();
    let app = TestApp::on(db).await;
    let (origin, _web) = listening(&app).await;
    let _worker = run.worker(&Reach { web: Some(origin), ..run.reach() });
    let made = run.finished().await;
    assert_eq!(made.state, RunState::Succeeded, "{:?}", made.steps);
    let pushed = push(&*git_host(&stack), &run.service).await;
    let reference = format!("component:default/{}", run.service).parse().unwrap();
    let begun = Instant::now();
    loop {
        let dev = delivery::of_service(&run.viewer, &app.db, &reference).await.unwrap().remove(0);
        if dev.is_well() && dev.synced_commit.as_deref() == Some(pushed.as_str()) {
            break;
        }
        assert!(begun.elapsed() < SOON, "it does not run: {dev:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Another pod.
async fn push(host: &dyn GitHost, service: &str) -> CommitId {
    let repository: RepositoryName = format!("{TEAM}/{service}").parse().unwrap();
    let parent = host.branch_head(&repository, &Branch::main()).await.unwrap().unwrap();
    let path: RelPath = "deploy/overlays/dev/kustomization.yaml".parse().unwrap();
    let overlay = host.read_file(&repository, &Revision::Commit(parent.clone()), &path).await.unwrap();
    let FileAt::Bytes(overlay) = overlay else { panic!("there is no overlay: {overlay:?}") };
    let two = format!("{}replicas:\n  - name: {service}\n    count: 2\n", String::from_utf8(overlay).unwrap());
    let mut write = FileTree::new();
    write.insert(path, FileContent::text(two)).unwrap();
    let update = CommitSpec { content: Content::Update { parent, remove: [].into(), write }, ..first() };
    match host.push_update(&repository, &Branch::main(), &update).await.unwrap() {
        Update::Pushed(id) => id,
        other => panic!("the push is refused: {other:?}"),
    }
}
