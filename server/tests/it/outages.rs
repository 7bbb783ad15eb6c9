//! The database, the Git host or the cluster is away while a run is under way. The run waits and says for what; when
//! the world is back it ends as if nothing had happened, with one of everything.

use std::{net::SocketAddr, path::PathBuf, rc::Rc, time::Duration};

use backend::{
    Db, DbSettings,
    testing::{self, world},
};
use serde_json::Value;

use crate::{
    gate::Gate,
    own_postgres::OwnPostgres,
    stack::Stack,
    support::TestApp,
    whole_run::{Reach, WholeRun},
};

const TEAM: &str = "stranded";
/// Longer than a lookup, shorter than a lease.
const AWAY: Duration = Duration::from_millis(700);
const BETWEEN: Duration = Duration::from_millis(900);

async fn stack() -> Rc<Stack> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let stack = Rc::new(Stack::read());
    world::organisation(&stack.git.url, &stack.git.token, TEAM).await.unwrap();
    stack
}

async fn accepted() -> WholeRun {
    WholeRun::accepted(stack().await, TEAM).await
}

/// Host and port of an address with scheme.
fn socket(address: &str) -> SocketAddr {
    let url = url::Url::parse(address).unwrap();
    url.socket_addrs(|| None).unwrap()[0]
}

#[tokio::test]
async fn a_database_that_goes_away_again_and_again_costs_time_and_nothing_else() {
    let run = accepted().await;
    let (gate, database_url) = gated(&run.database_url).await;
    gate.open();
    let _worker = run.worker(&Reach { database_url, ..run.reach() });
    let mut outages = 0;
    // As long as the run goes on, so that outages fall into every step; bounded, so that it can end.
    while outages < 12 && !run.view().await.state.is_terminal() {
        gate.close();
        tokio::time::sleep(AWAY).await;
        gate.open();
        outages += 1;
        tokio::time::sleep(BETWEEN).await;
    }
    assert!(outages > 1, "the run ended before the database went away");
    run.finished().await;
    run.count("database away").await;
}

#[tokio::test]
async fn a_database_server_that_is_restarted_again_and_again_costs_time_and_nothing_else() {
    let stack = stack().await;
    let postgres = OwnPostgres::start();
    let run = WholeRun::accepted_on(stack, TEAM, &postgres.url()).await;
    let _worker = run.worker(&run.reach());
    let mut restarts = 0;
    while restarts < 8 && !run.reached(|_| true).await.state.is_terminal() {
        tokio::time::sleep(BETWEEN).await;
        postgres.restart();
        restarts += 1;
    }
    assert!(restarts > 1, "the run ended before the database did");
    run.finished().await;
    run.count("database restarted").await;
}

#[tokio::test]
async fn a_worker_that_starts_before_its_database_does_its_work_later() {
    let run = accepted().await;
    let (gate, database_url) = gated(&run.database_url).await;
    let _worker = run.worker(&Reach { database_url, ..run.reach() });
    tokio::time::sleep(Duration::from_secs(3)).await;
    gate.open();
    run.finished().await;
    run.count("database later").await;
}

#[tokio::test]
async fn pages_say_that_the_database_is_away_and_are_back_with_it() {
    let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres for tests");
    let (gate, url) = gated(&testing::database_url(&server).await.unwrap()).await;
    gate.open();
    let app = TestApp::on(Db::connect(&DbSettings { url, max_connections: 5 }).unwrap()).await;
    let developer = app.person("developer", &["payments"]).await;
    assert_eq!(developer.get("/catalog").await.status(), 200);
    gate.close();
    for path in ["/", "/catalog", "/scaffold/0198a9ac-0000-7000-8000-000000000000"] {
        assert_eq!(developer.get(path).await.status(), 503, "{path}");
    }
    let (status, problem) = developer.get_json("/api/v1/runs").await;
    assert_eq!(status, 503, "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
    gate.open();
    assert_eq!(developer.get("/catalog").await.status(), 200, "the first request after it");
}

/// The same database behind a gate, which is closed.
async fn gated(database_url: &str) -> (Gate, String) {
    let mut url = url::Url::parse(database_url).unwrap();
    let host = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(5432));
    let address = tokio::net::lookup_host(host).await.unwrap().next().unwrap();
    let gate = Gate::before(address).await;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(gate.address.port())).unwrap();
    (gate, url.to_string())
}

#[tokio::test]
async fn a_git_host_that_is_away_is_waited_for_by_name() {
    let run = accepted().await;
    let gate = Gate::before(socket(&run.stack.git.url)).await;
    let reach = Reach { git_url: format!("http://{}", gate.address), ..run.reach() };
    let _worker = run.worker(&reach);
    let waiting = run.reached(|view| view.waiting_for.is_some()).await;
    let detail = said(waiting.waiting_for.as_ref());
    assert!(detail.contains("Git host"), "{detail}");
    gate.open();
    run.finished().await;
    run.count("Git host away").await;
}

#[tokio::test]
async fn a_cluster_that_is_away_is_waited_for_by_name() {
    let run = accepted().await;
    let mut kubeconfig: Value =
        serde_json::from_str(&std::fs::read_to_string(&run.stack.kubeconfigs.waymark).unwrap()).unwrap();
    let server = &mut kubeconfig["clusters"][0]["cluster"]["server"];
    let gate = Gate::before(socket(server.as_str().unwrap())).await;
    *server = format!("https://{}", gate.address).into();
    let folder = tempfile::tempdir().unwrap();
    let reach = Reach { kubeconfig: written(&folder, &kubeconfig), ..run.reach() };
    gate.open();
    let _worker = run.worker(&reach);
    // The repository is made without the cluster; from there on nothing moves without it.
    run.reached(|view| !view.effects.is_empty()).await;
    gate.close();
    let waiting = run.reached(|view| said(view.waiting_for.as_ref()).contains("does not answer")).await;
    let detail = said(waiting.waiting_for.as_ref());
    assert!(detail.contains("The cluster does not answer"), "{detail}");
    gate.open();
    run.finished().await;
    run.count("cluster away").await;
}

fn said(waiting_for: Option<&Value>) -> String {
    waiting_for.and_then(|waiting| waiting["detail"].as_str()).unwrap_or_default().to_owned()
}

fn written(folder: &tempfile::TempDir, kubeconfig: &Value) -> PathBuf {
    let path = folder.path().join("kubeconfig");
    std::fs::write(&path, kubeconfig.to_string()).unwrap();
    path
}
