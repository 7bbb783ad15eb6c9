//! Answers as they are sent, kept while the catalog stays as it is.

use axum::response::{IntoResponse, Response};
use backend::catalog::kept;
use bytes::Bytes;
use http::{
    HeaderValue, Uri,
    header::{CONTENT_TYPE, LINK},
};
use serde_json::Value;

use crate::{auth::SignedIn, edge::Problem, state::AppState};

/// JSON, and where the rest of a list is.
pub(super) struct Written {
    pub(super) text: Bytes,
    pub(super) link: Option<HeaderValue>,
}

impl From<Value> for Written {
    fn from(value: Value) -> Self {
        Self { text: value.to_string().into(), link: None }
    }
}

/// The answer to what an address asks for.
pub(super) async fn answered(
    state: &AppState,
    seen: &SignedIn,
    address: &Uri,
    answer: impl Future<Output = Result<Written, Problem>>,
) -> Result<Response, Problem> {
    let size = |written: &Written| written.text.len();
    let written = kept(&seen.viewer, &state.db, &address.to_string(), size, answer).await?;
    let mut response = ([(CONTENT_TYPE, "application/json")], written.text.clone()).into_response();
    if let Some(link) = &written.link {
        response.headers_mut().insert(LINK, link.clone());
    }
    Ok(response)
}
