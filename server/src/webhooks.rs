//! What other systems tell us. Neither cookie nor token is looked at here: the signature over the raw body is all that
//! counts, and nothing of the body is read before it holds.

use axum::{
    body::Bytes,
    extract::{Path, State},
};
use backend::webhooks::{self, Message, Receipt, Source};
use domain::error::ErrorKind;
use http::{HeaderMap, StatusCode};

use crate::{edge::Problem, state::AppState};

const SIGNATURES: [&str; 2] = ["x-gitea-signature", "x-hub-signature-256"];
const DELIVERY: &str = "x-gitea-delivery";
const EVENT: &str = "x-gitea-event";

/// Takes an event; a worker does the rest. Whoever cannot sign learns nothing, not even which sources there are.
pub async fn receive(
    State(state): State<AppState>,
    Path(source): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let received = take(&state, &source, &headers, &body).await;
    let outcome = match &received {
        Ok(Receipt::Accepted) => "accepted",
        Ok(Receipt::Repeated) => "repeated",
        Err(_) => "refused",
    };
    metrics::counter!("webhooks_total", "outcome" => outcome).increment(1);
    received.map(|_| StatusCode::ACCEPTED)
}

async fn take(state: &AppState, source: &str, headers: &HeaderMap, body: &[u8]) -> Result<Receipt, Problem> {
    let signed = authentic(state, source, headers, body);
    let source = signed.ok_or_else(|| Problem::of(ErrorKind::NotFound))?;
    let (delivery, event) = (text(headers, DELIVERY), text(headers, EVENT));
    let message = Message { source, delivery: delivery.unwrap_or_default(), event: event.unwrap_or_default(), body };
    Ok(webhooks::receive(&state.db, &message).await?)
}

/// The source, if there is one of that name and it has signed this very body.
fn authentic(state: &AppState, source: &str, headers: &HeaderMap, body: &[u8]) -> Option<Source> {
    let (source, secret) = (Source::find(source)?, state.webhook_secret.as_ref()?);
    let given = SIGNATURES.into_iter().find_map(|name| text(headers, name))?;
    webhooks::is_signed(secret, body, given).then_some(source)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
