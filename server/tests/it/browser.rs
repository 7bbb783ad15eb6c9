//! A browser that keeps cookies and goes through the sign-in.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
};

use axum::{body::Body, response::Response};
use server::{
    auth::Provider,
    config::{OidcConfig, PublicUrl, Secret},
};

use crate::{
    provider::{CLIENT_ID, CLIENT_SECRET, FakeProvider},
    support::{Person, TestApp, location},
};

pub(crate) struct Browser {
    nobody: Person,
    provider: Arc<FakeProvider>,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// The application with a provider that answers.
pub(crate) async fn with_provider() -> (TestApp, Arc<FakeProvider>) {
    let provider = FakeProvider::start().await;
    let config = OidcConfig {
        issuer: provider.issuer.clone(),
        client_id: CLIENT_ID.into(),
        client_secret: Secret::new(CLIENT_SECRET.into()),
        groups_claim: "groups".into(),
    };
    let app = TestApp::start().await;
    let app = app.changed(|state| state.provider = Provider::new(config, PublicUrl::default()).unwrap());
    (app, provider)
}

impl Browser {
    pub(crate) fn new(app: &TestApp, provider: &Arc<FakeProvider>) -> Self {
        Self { nobody: app.anonymous(), provider: provider.clone(), cookies: Mutex::default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.send("GET", path, &[], String::new()).await
    }

    /// Sends a form from a page.
    pub(crate) async fn post(&self, path: &str, from: &str, fields: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let from = format!("http://localhost:3000{from}");
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("referer", &*from)];
        self.send("POST", path, &headers, body).await
    }

    async fn send(&self, method: &str, path: &str, more: &[(&str, &str)], body: String) -> Response {
        let cookies =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        let cookies = cookies.join("; ");
        let mut headers = vec![("accept", "text/html"), ("sec-fetch-site", "same-origin"), ("cookie", &*cookies)];
        headers.extend_from_slice(more);
        let path = path.split('#').next().unwrap_or_default();
        let answer = self.nobody.send(method, path, &headers, Body::from(body)).await;
        for cookie in answer.headers().get_all("set-cookie") {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            let mut cookies = self.cookies.lock().unwrap();
            match rest.contains("Max-Age=0") || value.is_empty() {
                true => cookies.remove(name),
                false => cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }

    pub(crate) fn has_session(&self) -> bool {
        self.cookies.lock().unwrap().contains_key("__Host-sid-3000")
    }

    /// As it is when a session's life is over: the cookie means nothing any more.
    pub(crate) fn lose_session(&self) {
        self.cookies.lock().unwrap().remove("__Host-sid-3000");
    }

    /// Goes to the provider from an address of the sign-in, and answers where the provider leads back to.
    pub(crate) async fn to_provider(&self, login: &str, address: &str) -> String {
        let asked: url::Url = location(&self.get(address).await).parse().unwrap();
        let asked: HashMap<String, String> = asked.query_pairs().into_owned().collect();
        let code = self.provider.promise(login, &asked);
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &asked["state"])
            .append_pair("iss", &self.provider.issuer)
            .finish();
        format!("/auth/callback?{query}")
    }

    /// Signs in, and answers where that leads.
    pub(crate) async fn sign_in(&self, login: &str, address: &str) -> String {
        let back = self.to_provider(login, address).await;
        location(&self.get(&back).await)
    }
}
