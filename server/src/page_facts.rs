//! What every page shows beside its own contents, found before it is drawn.

use app::shell::NavCounts;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{access::IdHash, home};
use domain::access::TokenText;
use http::Method;
use tower_cookies::Cookies;
use tower_sessions::Session;

use crate::{
    auth::{self, SignedIn},
    edge::Problem,
    state::AppState,
};

#[derive(Clone, Debug, Default)]
pub struct PageFacts {
    pub counts: NavCounts,
    /// The session of this browser.
    pub session: Option<IdHash>,
    pub new_token: Option<TokenText>,
}

/// The only page that shows a new token, and so the only one that takes it.
const SETTINGS: &str = "/settings";

/// Puts the facts into the request.
pub async fn find(
    State(state): State<AppState>,
    session: Session,
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(seen) = request.extensions().get::<SignedIn>() else {
        return next.run(request).await;
    };
    let waiting = match home::waiting_count(&seen.viewer, &state.db).await {
        Ok(waiting) => waiting,
        Err(error) => return Problem::from(error).into_response(),
    };
    let shows_token = request.uri().path() == SETTINGS && *request.method() == Method::GET;
    let new_token = if shows_token { auth::take_token(&cookies, &state.public_url) } else { None };
    let facts = PageFacts {
        counts: NavCounts { waiting: Some(waiting), ..NavCounts::default() },
        session: session.id().map(auth::id_hash),
        new_token,
    };
    request.extensions_mut().insert(facts);
    next.run(request).await
}
