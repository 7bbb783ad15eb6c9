//! Who is asking, and whether this address is for them.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use backend::access::{self, SignedIn};
use domain::{
    access::{NextPath, Role},
    error::ErrorKind,
};
use http::{Method, header::ACCEPT};
use tower_sessions::Session;
use uuid::Uuid;

use super::SESSION_PERSON;
use crate::{edge::Problem, state::AppState};

/// Who may ask at an address at all. What they then see is decided by the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    SignedIn,
    Only(Role),
}

/// Adds [`SignedIn`] to requests of a live session.
pub async fn identify(State(state): State<AppState>, session: Session, mut request: Request, next: Next) -> Response {
    let person = match session.get::<Uuid>(SESSION_PERSON).await {
        Ok(person) => person,
        Err(error) => {
            tracing::warn!(%error, "session store");
            return Problem::of(ErrorKind::Unavailable).into_response();
        }
    };
    if let Some(person) = person {
        match access::signed_in(&state.db, &state.role_groups, person).await {
            Ok(seen) => {
                request.extensions_mut().insert(seen);
            }
            Err(backend::Error::NotFound) => {}
            Err(error) => return Problem::from(error).into_response(),
        }
    }
    next.run(request).await
}

/// Lets a request through to an address of the given access.
pub async fn require(access: Access, request: Request, next: Next) -> Response {
    match refuse(access, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

/// The refusal, if there is one. An address that is hidden looks like one that is not there.
pub fn refuse(access: Access, request: &Request) -> Option<Response> {
    match (access, request.extensions().get::<SignedIn>()) {
        (Access::Public, _) | (Access::SignedIn, Some(_)) => None,
        (Access::Only(role), Some(seen)) if seen.viewer.has(role) => None,
        (Access::Only(_), Some(_)) => Some(Problem::of(ErrorKind::NotFound).into_response()),
        (_, None) => Some(sign_in_first(request)),
    }
}

/// A page leads to sign-in and back; everything else gets a problem.
fn sign_in_first(request: &Request) -> Response {
    let is_page = *request.method() == Method::GET
        && !request.uri().path().starts_with("/api/")
        && request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|a| a.contains("text/html"));
    if !is_page {
        return Problem::of(ErrorKind::Unauthenticated).into_response();
    }
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let next: NextPath = wanted.parse().unwrap_or_default();
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next.as_str()).finish();
    Redirect::to(&format!("/login?{query}")).into_response()
}
