//! What every page shows beside its own contents, found before it is drawn.

use app::{
    request::{LeftForm, SignedOutNote},
    shell::NavCounts,
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use backend::{
    access::{self, IdHash},
    home,
};
use domain::access::{AFRESH, KEPT, TokenText, UNDONE, Viewer};
use http::{Method, Uri};
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
    pub left_form: LeftForm,
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
    let left_form = match left_form(&state, &seen.viewer, &cookies, request.uri()).await {
        Ok(left_form) => left_form,
        Err(error) => return Problem::from(error).into_response(),
    };
    let facts = PageFacts {
        counts: NavCounts { waiting: Some(waiting), ..NavCounts::default() },
        session: session.id().map(auth::id_hash),
        new_token,
        left_form,
    };
    request.extensions_mut().insert(facts);
    next.run(request).await
}

/// What was typed here before the sign-in, where the address says that something was.
async fn left_form(state: &AppState, viewer: &Viewer, cookies: &Cookies, uri: &Uri) -> backend::Result<LeftForm> {
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let (mut id, mut is_undone, mut is_afresh) = (None, false, false);
    for (name, value) in query {
        match &*name {
            KEPT => id = value.parse().ok(),
            UNDONE => is_undone = true,
            AFRESH => is_afresh = true,
            _ => {}
        }
    }
    let typed = match (id, auth::input(cookies, &state.public_url)) {
        (Some(id), Some(token)) => access::find_form(viewer, &state.db, &token, id, uri.path()).await?,
        _ => None,
    };
    let note = match &typed {
        // The page says itself that it asked for a fresh sign-in.
        _ if is_afresh => None,
        Some(_) => Some(SignedOutNote::Kept),
        None => is_undone.then_some(SignedOutNote::Undone),
    };
    Ok(LeftForm { typed, note })
}
