//! Events of the Git host, from the outside.

use std::time::{Duration, Instant};

use axum::{body::Body, response::Response};
use backend::{
    git_host::{
        self, Branch, Deadlines, GitHost, GitHostKind, GitHostSettings, NewRepository, Organisation, Visibility,
        Webhook,
    },
    testing::webhooks as seen,
};
use domain::scaffold::tree::{
    CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, Signature,
};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use server::{edge::Limits, listen, router, shutdown};
use sha2::Sha256;
use time::macros::datetime;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::{
    stack::Stack,
    support::{Person, TestApp, WEBHOOK_SECRET, limits, read_json},
};

const PATH: &str = "/webhooks/gitea";
const REPOSITORY: &str = "payments/checkout";

fn push(nth: u32) -> String {
    json!({ "ref": "refs/heads/main", "nth": nth, "repository": { "full_name": REPOSITORY } }).to_string()
}

fn signature(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn send(person: &Person, path: &str, delivery: &str, signed: &[(&str, &str)], body: &str) -> Response {
    let mut headers = vec![("x-gitea-delivery", delivery), ("x-gitea-event", "push")];
    headers.extend_from_slice(signed);
    person.send("POST", path, &headers, Body::from(body.to_owned())).await
}

/// As the Git host does.
async fn tell(person: &Person, delivery: &str, body: &str) -> u16 {
    let signature = signature(WEBHOOK_SECRET, body);
    send(person, PATH, delivery, &[("x-gitea-signature", &signature)], body).await.status().as_u16()
}

/// The application, with a repository that is delivered from.
async fn start() -> TestApp {
    let app = TestApp::start().await;
    seen::source(&app.db, REPOSITORY).await.unwrap();
    app
}

#[tokio::test]
async fn what_is_not_signed_looks_like_an_address_that_is_not_there() {
    let app = start().await;
    let without = start().await.changed(|state| state.webhook_secret = None);
    let body = push(1);
    let right = signature(WEBHOOK_SECRET, &body);
    let (wrong, of_another) = (signature("another secret", &body), signature(WEBHOOK_SECRET, &push(2)));
    let gitea = |text| [("x-gitea-signature", text)];
    let none: &[(&str, &str)] = &[];
    let mut answers = vec![];
    for (app, path, signed) in [
        (&app, "/webhooks/github", &gitea(right.as_str())[..]),
        (&app, "/webhooks/Gitea", &gitea(&right)),
        (&app, "/webhooks/%00", &gitea(&right)),
        (&app, PATH, &gitea(&wrong)),
        (&app, PATH, &gitea(&of_another)),
        (&app, PATH, &gitea("")),
        (&app, PATH, &[("x-hub-signature-256", wrong.as_str())]),
        (&app, PATH, &[("x-hub-signature", right.as_str())]),
        (&app, PATH, none),
        (&without, PATH, &gitea(&right)),
        (&without, PATH, &gitea(&signature("", &body))),
    ] {
        let (status, mut problem) = read_json(send(&app.anonymous(), path, "1", signed, &body).await).await;
        assert_ne!(problem["request_id"].take(), Value::Null);
        answers.push((status, problem));
    }
    assert_eq!(answers[0].0, 404);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    for app in [&app, &without] {
        assert_eq!(seen::accepted(&app.db).await.unwrap(), []);
        assert_eq!(seen::wakes(&app.db, REPOSITORY).await.unwrap(), 0);
    }
    let hub = [("x-hub-signature-256", format!("sha256={right}"))];
    let hub = hub.each_ref().map(|(name, text)| (*name, text.as_str()));
    assert_eq!(send(&app.anonymous(), PATH, "1", &hub, &body).await.status(), 202);
    assert_eq!(seen::wakes(&app.db, REPOSITORY).await.unwrap(), 1);
}

#[tokio::test]
async fn a_signed_event_wakes_once_and_a_cookie_changes_nothing() {
    let app = start().await;
    let [nobody, developer] = [app.anonymous(), app.person("developer", &["payments"]).await];
    assert_eq!(tell(&nobody, "1", &push(1)).await, 202);
    assert_eq!(tell(&nobody, "1", &push(1)).await, 202, "the sender need not know");
    assert_eq!(seen::wakes(&app.db, REPOSITORY).await.unwrap(), 1);
    assert_eq!(tell(&developer, "2", &push(2)).await, 202);
    assert_eq!(seen::wakes(&app.db, REPOSITORY).await.unwrap(), 2);
    // Without a signature the session of somebody who may a lot is worth nothing.
    let ours = [("sec-fetch-site", "same-origin")];
    assert_eq!(send(&developer, PATH, "3", &ours, &push(3)).await.status(), 404);
    let token = app.program("wmk_x");
    assert_eq!(tell(&token, "4", &push(4)).await, 202, "a token is not looked at");
    let expected = vec![("push".to_owned(), Some(REPOSITORY.to_owned())); 3];
    assert_eq!(seen::accepted(&app.db).await.unwrap(), expected);
}

#[tokio::test]
async fn what_is_signed_and_unreadable_is_refused_with_a_sentence() {
    let app = start().await;
    let nobody = app.anonymous();
    assert_eq!(tell(&nobody, "1", "ref=main").await, 422);
    assert_eq!(tell(&nobody, "", &push(1)).await, 422);
    assert_eq!(tell(&nobody, &"1".repeat(101), &push(1)).await, 422);
    assert_eq!(seen::accepted(&app.db).await.unwrap(), []);
}

#[tokio::test]
async fn the_size_is_looked_at_before_anything_else() {
    let app = start().await;
    let nobody = app.anonymous();
    let of = |bytes: usize| json!({ "repository": { "full_name": REPOSITORY }, "x": "x".repeat(bytes) }).to_string();
    let mebibyte = 1024 * 1024;
    assert_eq!(tell(&nobody, "1", &of(mebibyte - 1000)).await, 202, "forms take less, events do not");
    assert_eq!(tell(&nobody, "2", &of(mebibyte)).await, 413);
    assert_eq!(send(&nobody, PATH, "3", &[], &of(mebibyte)).await.status(), 413);
    // A body whose length nobody gives is cut off on the way.
    let chunk = || Ok::<_, std::io::Error>(vec![b' '; 64 * 1024]);
    let chunks = futures::stream::iter(std::iter::repeat_with(chunk).take(17));
    let headers = [("x-gitea-delivery", "4"), ("x-gitea-event", "push")];
    assert_eq!(nobody.send("POST", PATH, &headers, Body::from_stream(chunks)).await.status(), 413);
    assert_eq!(seen::accepted(&app.db).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let few = |state: &mut server::state::AppState| {
        let proxies = "0.0.0.0".parse().unwrap();
        let few = server::config::LimitsConfig { sign_ins: 2, webhooks: 2, trusted_proxies: proxies, ..limits() };
        state.limits = Limits::new(&few);
    };
    let app = start().await.changed(few);
    let nobody = app.anonymous();
    let from = async |path: &'static str, method: &str, address: &str| {
        let headers = [("x-forwarded-for", address)];
        let response = nobody.send(method, path, &headers, Body::empty()).await;
        let wait = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        (response.status().as_u16(), wait)
    };
    for (path, method, usual) in [(PATH, "POST", 404), ("/login", "GET", 503), ("/auth/callback", "GET", 401)] {
        for _ in 0..2 {
            assert_eq!(from(path, method, "198.51.100.1").await.0, usual, "{path}");
        }
        let (status, wait) = from(path, method, "198.51.100.1").await;
        assert_eq!(status, 429, "{path}");
        assert!(wait.is_some_and(|wait| (1..=31).contains(&wait)), "{path}: {wait:?}");
        assert_eq!(from(path, method, "198.51.100.2").await.0, usual, "{path}: another address");
    }
    assert_eq!(from("/", "GET", "198.51.100.1").await.0, 401, "nothing else is counted");
}

/// The Git host of the stack and the application on a port that it can reach.
#[tokio::test]
async fn a_push_at_the_git_host_wakes_what_is_delivered_from_it() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let stack = Stack::read();
    let name = format!("pushers/w{}", &Uuid::new_v4().simple().to_string()[..10]);
    let app = TestApp::start().await;
    seen::source(&app.db, &name).await.unwrap();
    let (origin, _web) = listening(&app).await;
    let host = git_host(&stack);
    let url = format!("{origin}{PATH}").parse().unwrap();
    let repository = made(&*host, &name, &Webhook { url, secret: WEBHOOK_SECRET.into() }).await;
    let pushed = host.push_new_branch(&repository, &Branch::main(), &first()).await.unwrap();
    assert!(matches!(pushed, git_host::NewBranch::Pushed(_)), "{pushed:?}");
    let begun = Instant::now();
    while seen::wakes(&app.db, &name).await.unwrap() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the Git host never told");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(seen::accepted(&app.db).await.unwrap(), [("push".to_owned(), Some(name))]);
}

/// The application on a port that the Git host can reach, until what comes with its address is dropped.
pub(crate) async fn listening(app: &TestApp) -> (String, shutdown::Stop) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let state = server::state::AppState { public_url: origin.parse().unwrap(), ..app.state.clone() };
    let (stop, token) = shutdown::channel();
    tokio::spawn(listen::serve(listener, router::router(state), token));
    (origin, stop)
}

pub(crate) fn git_host(stack: &Stack) -> std::sync::Arc<dyn GitHost> {
    let settings = GitHostSettings {
        kind: GitHostKind::Gitea,
        url: stack.git.url.parse().unwrap(),
        token: stack.git.token.clone().into(),
        deadlines: Deadlines::default(),
    };
    git_host::connect(&settings).unwrap()
}

/// An empty repository with the webhook.
async fn made(host: &dyn GitHost, name: &str, webhook: &Webhook) -> git_host::RepositoryName {
    let name: git_host::RepositoryName = name.parse().unwrap();
    let visibility = Visibility::Private;
    host.ensure_organisation(&Organisation { name: name.owner.clone(), visibility }).await.unwrap();
    let description = OneLine::new("Pushed to").unwrap();
    let wanted = NewRepository { name: name.clone(), description, visibility, run: Uuid::new_v4() };
    host.create_repository(&wanted).await.unwrap();
    host.ensure_webhook(&name, webhook).await.unwrap();
    name
}

pub(crate) fn first() -> CommitSpec {
    let mut files = FileTree::new();
    files.insert("README.md".parse().unwrap(), FileContent::text("Pushed to\n")).unwrap();
    CommitSpec {
        content: Content::Initial(files),
        message: CommitMessage { subject: OneLine::new("Create it").unwrap(), run: Uuid::new_v4(), co_author: None },
        author: Signature::platform(),
        at: CommitTime::of(datetime!(2026-05-01 12:00 UTC)),
    }
}
