//! Calls to a Git host's API: one deadline for each, no redirects, limited answers, nothing of an answer in an error.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, header::LOCATION, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::{Dependency, Error, Result};

/// The API of one host, spoken to with the platform's own token.
pub(super) struct Api {
    client: Client,
    base: Url,
    token: SecretString,
}

/// One request. `path` holds the segments after the API's root, not yet encoded.
pub(super) struct Call<'a> {
    method: Method,
    path: Vec<&'a str>,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    as_basic: bool,
}

/// An answer below 500 that is not about our credential.
pub(super) struct Answer {
    pub(super) status: u16,
    /// None when it was too long.
    pub(super) body: Option<Vec<u8>>,
    /// Where a redirect leads, which is never followed.
    pub(super) leads_to: Option<String>,
    what: String,
}

const MAX_JSON: usize = 1024 * 1024;
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);

impl Api {
    pub(super) fn new(host: &Url, token: &SecretString, deadline: Duration) -> Result<Self> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(Error::internal("the TLS provider of this process is not installed"));
        }
        let client = Client::builder()
            .timeout(deadline)
            .connect_timeout(CONNECT_DEADLINE.min(deadline))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent("waymark")
            .build()
            .map_err(|e| Error::internal(format!("HTTP client: {}", e.without_url())))?;
        Ok(Self { client, base: below(host, &["api", "v1"]), token: token.clone() })
    }

    pub(super) async fn send(&self, call: Call<'_>) -> Result<Answer> {
        let mut url = below(&self.base, &call.path);
        let what = format!("{} {}", call.method, url.path());
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.client.request(call.method, url);
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let response = self.signed(request, call.as_basic).send().await.map_err(|e| unavailable(&what, &e))?;
        let status = response.status().as_u16();
        if let Some(detail) = refusal(status) {
            tracing::warn!(git_host.call = what, http.status = status, "git_host.refused");
            return Err(Error::Unavailable { dependency: Dependency::GitHost, detail });
        }
        let leads_to = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = read(response).await.map_err(|e| unavailable(&what, &e))?;
        Ok(Answer { status, body, leads_to, what })
    }

    /// What follows the API's root in an address of this host.
    pub(super) fn path_of(&self, address: &str) -> Option<String> {
        let url = self.base.join(address).ok().filter(|url| url.origin() == self.base.origin())?;
        Some(url.path().strip_prefix(self.base.path())?.trim_start_matches('/').to_owned())
    }

    fn signed(&self, request: RequestBuilder, as_basic: bool) -> RequestBuilder {
        let token = self.token.expose_secret();
        if as_basic { request.basic_auth("waymark", Some(token)) } else { request.bearer_auth(token) }
    }
}

impl<'a> Call<'a> {
    pub(super) fn new(method: Method, path: &[&'a str]) -> Self {
        Self { method, path: path.to_vec(), query: Vec::new(), body: None, as_basic: false }
    }

    pub(super) fn get(path: &[&'a str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(super) fn post(path: &[&'a str], body: Value) -> Self {
        Self { body: Some(body), ..Self::new(Method::POST, path) }
    }

    pub(super) fn patch(path: &[&'a str], body: Value) -> Self {
        Self { body: Some(body), ..Self::new(Method::PATCH, path) }
    }

    pub(super) fn put(path: &[&'a str], body: Value) -> Self {
        Self { body: Some(body), ..Self::new(Method::PUT, path) }
    }

    pub(super) fn query(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.query.push((key, value.into()));
        self
    }

    /// The token as a Basic password, which some calls insist on.
    pub(super) fn with_basic(self) -> Self {
        Self { as_basic: true, ..self }
    }
}

impl Answer {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        let body = self.body.as_deref().ok_or_else(|| self.unexpected())?;
        serde_json::from_slice(body)
            .map_err(|e| Error::internal(format!("{}: line {} of the answer does not fit", self.what, e.line())))
    }

    /// For a status that the call does not expect. The host's own words stay out.
    pub(super) fn unexpected(&self) -> Error {
        Error::internal(format!("{}: the Git host answered {}", self.what, self.status))
    }
}

/// An address under another; each segment is percent-encoded as a whole.
pub(super) fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

fn refusal(status: u16) -> Option<String> {
    match status {
        401 | 403 => Some(format!(
            "it refused the credential of the platform ({status}); check that WAYMARK_GIT_TOKEN is valid and has the rights it needs"
        )),
        429 | 500.. => Some(format!("it answered {status}")),
        _ => None,
    }
}

async fn read(mut response: Response) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_JSON {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

fn unavailable(what: &str, error: &reqwest::Error) -> Error {
    let reason = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the answer broke off"
    };
    Error::Unavailable { dependency: Dependency::GitHost, detail: format!("{reason} ({what})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_cannot_leave_their_place() {
        let base: Url = "https://git.example.org/sub/".parse().unwrap();
        assert_eq!(
            below(&base, &["a b", "x/../y?z#%2e"]).as_str(),
            "https://git.example.org/sub/a%20b/x%2F..%2Fy%3Fz%23%252e"
        );
    }

    #[test]
    fn refusals_say_what_to_do_and_nothing_of_the_host() {
        assert_eq!(refusal(200).or(refusal(404)).or(refusal(422)), None);
        assert!(refusal(401).unwrap().contains("WAYMARK_GIT_TOKEN"));
        assert_eq!(refusal(502).unwrap(), "it answered 502");
    }
}
