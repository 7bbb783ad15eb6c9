//! The application and people who use it.

use std::sync::Arc;

use app::shell::Assets;
use axum::{Router, body::Body, response::Response};
use backend::{
    Db,
    access::{SessionLife, SessionRow, create_session},
    scaffold::RunNews,
    testing,
};
use domain::access::{PersonId, RoleGroups};
use http::{
    Request,
    header::{AUTHORIZATION, COOKIE},
};
use leptos::config::LeptosOptions;
use serde_json::{Value, json};
use server::{
    auth::{Provider, SESSION_AUTH_TIME, SESSION_PERSON},
    config::{LimitsConfig, OidcConfig, PublicUrl, Secret, TrustedProxies},
    edge::Limits,
    router, shutdown,
    site::Site,
    state::AppState,
};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use tower::ServiceExt;
use tower_sessions::session::Id;

/// The application on a database of its own. The identity provider does not answer; people have signed in before.
pub(crate) struct TestApp {
    pub(crate) db: Db,
    pub(crate) state: AppState,
    router: Router,
    _stop: shutdown::Stop,
}

/// Somebody with a session, or nobody.
#[derive(Clone)]
pub(crate) struct Person {
    router: Router,
    pub(crate) cookie: Option<String>,
    token: Option<String>,
    pub(crate) id: Option<PersonId>,
}

pub(crate) const HOST: &str = "localhost:3000";
pub(crate) const WEBHOOK_SECRET: &str = "canary-webhook-secret-of-the-tests";
const HOUR: f64 = 3600.0;

impl TestApp {
    pub(crate) async fn start() -> Self {
        let url = std::env::var("DATABASE_URL")
            .expect("DATABASE_URL names a Postgres for tests; `cargo xtask test` starts one");
        Self::on(testing::database(&url).await.unwrap()).await
    }

    /// The same on a database that the test reaches in its own way.
    pub(crate) async fn on(db: Db) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        for team in ["payments", "search"] {
            testing::team(&db, team).await.unwrap();
        }
        let (stop, shutdown) = shutdown::channel();
        let state = state(db.clone(), shutdown);
        Self { db, router: router::router(state.clone()), state, _stop: stop }
    }

    /// The same application with something changed about it.
    pub(crate) fn changed(self, change: impl FnOnce(&mut AppState)) -> Self {
        let mut state = self.state.clone();
        change(&mut state);
        Self { router: router::router(state.clone()), state, ..self }
    }

    pub(crate) fn anonymous(&self) -> Person {
        Person { router: self.router.clone(), cookie: None, token: None, id: None }
    }

    /// Signs somebody in by a row of the session store, as the callback does.
    pub(crate) async fn person(&self, login: &str, groups: &[&str]) -> Person {
        self.person_signed_in_at(login, groups, server::clock::now()).await
    }

    /// Somebody whose session began at a time of the test's choice.
    pub(crate) async fn person_signed_in_at(&self, login: &str, groups: &[&str], signed_in: OffsetDateTime) -> Person {
        let person = testing::person(&self.db, login, groups).await.unwrap();
        let id = Id::default();
        let hash = Sha256::digest(id.0.to_be_bytes()).into();
        let row = SessionRow {
            data: json!({ SESSION_PERSON: person, SESSION_AUTH_TIME: signed_in.unix_timestamp() }),
            person: Some(person.0),
            provider_sid: None,
        };
        assert!(create_session(&self.db, &hash, &row).await.unwrap());
        let cookie = Some(format!("__Host-sid-3000={id}"));
        Person { router: self.router.clone(), cookie, token: None, id: Some(person) }
    }

    /// A program that comes with a token.
    pub(crate) fn program(&self, token: &str) -> Person {
        Person { token: Some(format!("Bearer {token}")), ..self.anonymous() }
    }
}

fn state(db: Db, shutdown: shutdown::Shutdown) -> AppState {
    let oidc = OidcConfig {
        issuer: "http://127.0.0.1:9".into(),
        client_id: "waymark".into(),
        client_secret: Secret::new("canary-client-secret".into()),
        groups_claim: "groups".into(),
    };
    let role_groups = RoleGroups {
        platform: "platform".into(),
        operator: "platform-operators".into(),
        leadership: "leadership".into(),
    };
    AppState {
        db,
        provider_origin: Arc::from(oidc.origin()),
        provider: Provider::new(oidc, PublicUrl::default()).unwrap(),
        public_url: PublicUrl::default(),
        session_life: SessionLife {
            idle_secs: 8.0 * HOUR,
            absolute_secs: 24.0 * HOUR,
            operator_absolute_secs: 12.0 * HOUR,
            operator_group: role_groups.operator.clone(),
        },
        run_news: RunNews::default(),
        role_groups: Arc::new(role_groups),
        site: Site::of(assets(), std::env::temp_dir()),
        shutdown,
        kubectl_login: None,
        webhook_secret: Some(WEBHOOK_SECRET.into()),
        limits: Limits::new(&limits()),
        leptos_options: LeptosOptions::builder().output_name("waymark").build(),
    }
}

/// As they are when nobody sets them.
pub(crate) fn limits() -> LimitsConfig {
    LimitsConfig { sign_ins: 120, tokens: 30, webhooks: 600, trusted_proxies: TrustedProxies::default() }
}

fn assets() -> Assets {
    let file = |name: &str| format!("/pkg/{name}");
    Assets { css: file("a.css"), js: file("a.js"), wasm: file("a.wasm"), font: file("a.woff2") }
}

impl Person {
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.send("GET", path, &[("accept", "text/html")], Body::empty()).await
    }

    pub(crate) async fn get_json(&self, path: &str) -> (u16, Value) {
        read_json(self.send("GET", path, &[], Body::empty()).await).await
    }

    /// Posts JSON as our own pages do.
    pub(crate) async fn post_json(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
        let mut all = vec![("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
        all.extend_from_slice(headers);
        read_json(self.send("POST", path, &all, Body::from(body.to_string())).await).await
    }

    /// Posts a form as our own pages do.
    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [
            ("accept", "text/html"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send("POST", path, &headers, Body::from(body)).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", HOST);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }
}

pub(crate) async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) async fn read_json(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = text(response).await;
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// Where a redirect leads; the status must be 303.
pub(crate) fn location(response: &Response) -> String {
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}
