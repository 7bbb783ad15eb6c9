//! Around every mutation of the API: what it records says by which token, and with an `Idempotency-Key` it is done once
//! and answered the same way for a day.

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{
    Db, Error,
    audit::{self, Within},
    idempotency::{self, Answer, Begun, Claim, Keyed},
};
use domain::error::{ErrorKind, FieldError};
use http::{
    Extensions, HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use sha2::{Digest, Sha256};
use tracing::Instrument;

use crate::{
    auth::{BearerToken, SignedIn},
    edge::{self, Problem},
    state::AppState,
};

/// Marks an answer that is not kept, because what it shows is kept nowhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShownOnce;

/// The edge takes no longer body.
const MOST_BODY: usize = 1024 * 1024;
/// A longer answer is given and not kept.
const MOST_ANSWER: u64 = 8 * 1024 * 1024;
/// Says that the answer is that of an earlier request.
const REPLAYED: &str = "idempotency-replayed";

/// Carries a mutation out.
pub async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let token = request.extensions().get::<BearerToken>().map(|token| token.0);
    match keyed(request).await {
        Err(problem) => problem.into_response(),
        Ok((request, None)) => audit::within(Within { token, claim: None }, next.run(request)).await,
        Ok((request, Some(keyed))) => match idempotency::begin(&state.db, &keyed).await {
            Err(error) => Problem::from(error).into_response(),
            Ok(Begun::Again(answer)) => replay(answer),
            Ok(Begun::First(claim)) => {
                let within = Within { token, claim: Some(claim.clone()) };
                to_the_end(state.db, claim, within, request, next).await
            }
        },
    }
}

/// The request and, where it has a key, by what it is known again.
async fn keyed(request: Request) -> Result<(Request, Option<Keyed>), Problem> {
    let person = request.extensions().get::<SignedIn>().map(|seen| seen.viewer.person);
    let (Some(person), Some(key)) = (person, key(request.headers())?) else {
        return Ok((request, None));
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MOST_BODY).await.map_err(|_| Problem::of(ErrorKind::TooLarge))?;
    let address = parts.uri.path_and_query().map(|path| path.as_str()).unwrap_or_default();
    let fingerprint = Sha256::new().chain_update(address).chain_update([0]).chain_update(&body).finalize().into();
    let path = parts.extensions.get::<MatchedPath>().map(|path| path.as_str()).unwrap_or_default();
    let keyed = Keyed { person, route: format!("{} {path}", parts.method), key, fingerprint };
    Ok((Request::from_parts(parts, Body::from(body)), Some(keyed)))
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if (1..=200).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Problem::from(Error::Invalid(vec![FieldError::new(
            "/Idempotency-Key",
            "An Idempotency-Key has 1 to 200 visible ASCII characters.",
        )]))),
    }
}

/// In a task of its own: a caller that goes away does not stop halfway what it may ask for again.
async fn to_the_end(db: Db, claim: Claim, within: Within, request: Request, next: Next) -> Response {
    let extensions = request.extensions().clone();
    let carried_out = async move {
        let response = edge::problem_written(audit::within(within, next.run(request)).await, &extensions);
        let (response, answer) = taken(response, &extensions).await;
        let kept = match answer {
            Some(answer) if answer.status < 500 => idempotency::keep(&db, &claim, &answer).await,
            Some(_) => idempotency::give_up(&db, &claim).await,
            None => Ok(()),
        };
        if let Err(error) = kept {
            tracing::warn!(%error, "an answer was not kept");
        }
        response
    };
    match tokio::spawn(carried_out.in_current_span()).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Problem::of(ErrorKind::Unavailable).into_response(),
        },
    }
}

/// The response, and what is to be kept of it: nothing of a stream and of what is too long.
async fn taken(response: Response, extensions: &Extensions) -> (Response, Option<Answer>) {
    if response.extensions().get::<ShownOnce>().is_some() {
        let told = edge::problem_written(shown_once().into_response(), extensions);
        return (response, Some(read(told).await.1));
    }
    if response.body().size_hint().exact().is_none_or(|length| length > MOST_ANSWER) {
        return (response, None);
    }
    let (response, answer) = read(response).await;
    (response, Some(answer))
}

async fn read(response: Response) -> (Response, Answer) {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_else(|_| Bytes::new());
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let answer = Answer {
        status: parts.status.as_u16(),
        content_type: text(CONTENT_TYPE),
        location: text(LOCATION),
        body: body.to_vec(),
    };
    (Response::from_parts(parts, Body::from(body)), answer)
}

/// What a repetition is told of something that cannot be shown again.
fn shown_once() -> Problem {
    let detail = "This was made and shown by the first request; its text is kept nowhere. Revoke it and make another.";
    Problem::from(Error::Conflict { code: "shown_once", detail: detail.to_owned() })
}

fn replay(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in [(CONTENT_TYPE, answer.content_type), (LOCATION, answer.location)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
