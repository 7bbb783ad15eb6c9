//! The processes themselves: what they tell those who operate them, and how they end.

use std::{
    net::{SocketAddr, TcpListener},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use backend::{Db, DbSettings, testing};
use serde_json::{Value, json};
use server::{
    operations::{self, Operations},
    shutdown,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    runs::plan_of,
    support::{HOST, TestApp},
};

const PATIENCE: Duration = Duration::from_secs(30);
/// What `serve` and `work` give answers under way.
const DRAIN: Duration = Duration::from_secs(20);

/// A process of ours; it is killed with the value.
struct Process(Child);

impl Process {
    fn start(command: &str, database_url: &str, settings: &[(&str, &str)]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_waymark"));
        process.arg(command).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        process.env("DATABASE_URL", database_url).envs(settings.iter().copied());
        Self(process.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    /// Asks it to stop, as everything that runs processes does, and waits.
    async fn stopped(&mut self) -> (ExitStatus, Duration) {
        let (id, begun) = (self.0.id().to_string(), Instant::now());
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return (status, begun.elapsed());
            }
            assert!(begun.elapsed() < DRAIN + PATIENCE, "it does not stop");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where nobody listens yet.
fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// An application whose database other processes reach as well.
async fn shared() -> (TestApp, String) {
    let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres for tests");
    let url = testing::database_url(&server).await.unwrap();
    let db = Db::connect(&DbSettings { url: url.clone(), max_connections: 4 }).unwrap();
    (TestApp::on(db).await, url)
}

/// One request on a connection of its own, which stays open.
async fn ask(address: SocketAddr, path: &str, more: &str) -> TcpStream {
    let begun = Instant::now();
    let mut stream = loop {
        match TcpStream::connect(address).await {
            Ok(stream) => break stream,
            Err(error) => assert!(begun.elapsed() < PATIENCE, "{address}: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {HOST}\r\n{more}\r\n").as_bytes()).await.unwrap();
    stream
}

async fn answer(address: SocketAddr, path: &str) -> String {
    let mut text = String::new();
    ask(address, path, "connection: close\r\n").await.read_to_string(&mut text).await.unwrap();
    text
}

/// The answer, once it holds all of these.
async fn answer_with(address: SocketAddr, path: &str, parts: &[&str]) -> String {
    let begun = Instant::now();
    loop {
        let text = answer(address, path).await;
        let missing: Vec<_> = parts.iter().filter(|part| !text.contains(**part)).collect();
        if missing.is_empty() {
            return text;
        }
        assert!(begun.elapsed() < PATIENCE, "{missing:?} is not in {text}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test]
async fn a_process_lives_without_its_database_and_is_not_ready() {
    let away = DbSettings { url: "postgres://waymark@127.0.0.1:9/waymark".into(), max_connections: 1 };
    let (stop, token) = shutdown::channel();
    let address = free_address();
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let operations = Operations { db: Db::connect(&away).unwrap(), metrics: None, shutdown: token.clone() };
    tokio::spawn(server::listen::serve(listener, operations::router(operations), token));
    let live = answer(address, "/live").await;
    assert!(live.starts_with("HTTP/1.1 200") && live.ends_with("alive\n"), "{live}");
    let ready = answer(address, "/ready").await;
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    let body: Value = serde_json::from_str(ready.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["ready"], json!(false));
    assert!(body["why"].as_str().unwrap().contains("database"), "{body}");
    drop(stop);
}

#[tokio::test]
async fn a_process_with_its_database_is_ready_and_tells_its_metrics() {
    let (_, url) = shared().await;
    let (web, ops) = (free_address(), free_address());
    let site = site();
    let _serve = serve(&url, web, ops, site.path().to_str().unwrap());
    answer_with(ops, "/ready", &["HTTP/1.1 200", "{\"ready\":true}"]).await;
    answer(web, "/").await;
    answer_with(ops, "/metrics", &["http_requests_total{status=\"4xx\"} 1", "http_request_seconds"]).await;
}

#[tokio::test]
async fn a_worker_tells_what_it_does_and_what_waits_for_it() {
    let (app, url) = shared().await;
    let developer = app.person("developer", &["payments"]).await;
    let (plan, hash) = plan_of(&app, &developer, "checkout").await;
    developer.post_json("/api/v1/runs", &[], &json!({ "plan_id": plan, "plan_hash": hash })).await;
    let ops = free_address();
    let ops_text = ops.to_string();
    let mut settings = vec![("WAYMARK_OPS_LISTEN", &*ops_text)];
    {
        let _idle = Process::start("work", &url, &settings);
        let depth =
            answer_with(ops, "/metrics", &["queue_pending{queue=\"runs\"} 1", "queue_oldest_seconds{queue=\"runs\"}"])
                .await;
        for queue in ["plans", "provisioning", "delivery", "catalog_source", "catalog_import", "catalog_change"] {
            assert!(depth.contains(&format!("queue_pending{{queue=\"{queue}\"}} 0")), "{queue}: {depth}");
        }
    }
    // Nobody answers there, so that each pass is broken off.
    settings.extend([("WAYMARK_GIT_URL", "http://127.0.0.1:9"), ("WAYMARK_GIT_TOKEN", "canary-token")]);
    let mut worker = Process::start("work", &url, &settings);
    let expected = [
        "runs_claimed_total ",
        "run_steps_total{kind=\"create_repository\",outcome=",
        "queue_passes_total{queue=\"catalog_repositories\",outcome=\"broken_off\"}",
    ];
    answer_with(ops, "/metrics", &expected).await;
    assert!(worker.stopped().await.0.success());
}

#[tokio::test]
async fn a_process_that_is_asked_to_stop_ends_its_open_streams_and_itself() {
    let (app, url) = shared().await;
    let developer = app.person("developer", &["payments"]).await;
    let (plan, hash) = plan_of(&app, &developer, "checkout").await;
    let (_, run) = developer.post_json("/api/v1/runs", &[], &json!({ "plan_id": plan, "plan_hash": hash })).await;
    let (web, ops) = (free_address(), free_address());
    let site = site();
    let mut serve = serve(&url, web, ops, site.path().to_str().unwrap());
    answer_with(ops, "/ready", &["HTTP/1.1 200"]).await;
    let cookie = format!("cookie: {}\r\n", developer.cookie.as_deref().unwrap());
    let events = format!("/api/v1/runs/{}/events", run["id"].as_str().unwrap());
    let mut stream = ask(web, &events, &cookie).await;
    let mut text = String::new();
    let mut piece = [0; 4096];
    while !text.contains("event: state") {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut piece)).await.unwrap().unwrap();
        assert!(read > 0, "the stream is open while the run is: {text}");
        text.push_str(&String::from_utf8_lossy(&piece[..read]));
    }
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("text/event-stream"), "{text}");
    let (status, took) = serve.stopped().await;
    assert!(status.success(), "{status}");
    assert!(took < DRAIN / 2, "an open stream holds it up: {took:?}");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "the stream ends as streams do: {rest:?}");
}

/// A front end that is only named.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().unwrap();
    let names = ["waymark.css", "waymark.js", "waymark.wasm", "inter.woff2"];
    let manifest: serde_json::Map<String, Value> =
        names.map(|name| (name.to_owned(), json!(name))).into_iter().collect();
    std::fs::create_dir(site.path().join("pkg")).unwrap();
    std::fs::write(site.path().join("pkg/manifest.json"), Value::Object(manifest).to_string()).unwrap();
    site
}

fn serve(url: &str, web: SocketAddr, ops: SocketAddr, site: &str) -> Process {
    let (web, ops) = (web.to_string(), ops.to_string());
    let settings = [
        ("WAYMARK_LISTEN", &*web),
        ("WAYMARK_OPS_LISTEN", &*ops),
        ("WAYMARK_SITE_DIR", site),
        ("WAYMARK_OIDC_ISSUER", "http://127.0.0.1:9"),
        ("WAYMARK_OIDC_CLIENT_ID", "waymark"),
        ("WAYMARK_OIDC_CLIENT_SECRET", "canary-client-secret"),
    ];
    Process::start("serve", url, &settings)
}
