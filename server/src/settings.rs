//! What people choose for themselves.

use app::pages::settings::{NEW_TOKEN, TokenForm};
use axum::{
    Extension, Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::{Error, access};
use domain::{
    access::{NextPath, Theme},
    error::{ErrorKind, FieldError},
};
use serde::Deserialize;
use tower_cookies::Cookies;
use tower_sessions::Session;
use url::form_urlencoded::Serializer;

use crate::{
    api::IdPath,
    auth::{self, SignedIn},
    clock,
    edge::Problem,
    state::AppState,
};

const PAGE: &str = "/settings";
/// Longer than any name that is taken, and short enough for an address.
const KEPT_NAME: usize = 200;

#[derive(Debug, Deserialize)]
pub struct ThemeForm {
    theme: String,
    next: Option<String>,
}

/// Keeps the colours and leads back to the page that the person came from.
pub async fn set_theme(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Form(form): Form<ThemeForm>,
) -> Result<Response, Problem> {
    let theme = Theme::parse(&form.theme)
        .ok_or_else(|| Error::Invalid(vec![FieldError::new("/theme", "Choose system, light or dark.")]))?;
    access::set_theme(&seen.viewer, &state.db, theme).await?;
    let next: NextPath = form.next.and_then(|next| next.parse().ok()).unwrap_or_default();
    Ok(Redirect::to(next.as_str()).into_response())
}

#[derive(Debug, Deserialize)]
pub struct TokenFields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    access: String,
    #[serde(default)]
    days: String,
}

/// Where tokens are made.
pub fn form_of_tokens(_path: &str) -> String {
    format!("{PAGE}#{NEW_TOKEN}")
}

/// Makes a token and leads to the page that shows it once; what cannot be taken comes back with the form.
pub async fn make_token(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    cookies: Cookies,
    Form(TokenFields { name, access, days }): Form<TokenFields>,
) -> Result<Response, Problem> {
    let form = TokenForm { name: name.chars().take(KEPT_NAME).collect(), access, days };
    let Ok(wish) = form.wish(clock::now()) else {
        let typed = [("name", &form.name), ("access", &form.access), ("days", &form.days)];
        let query = Serializer::new(String::new()).extend_pairs(typed).finish();
        return Ok(Redirect::to(&format!("{PAGE}?{query}#{NEW_TOKEN}")).into_response());
    };
    let (_, text) = access::make_token(&seen.viewer, &state.db, &wish).await.map_err(back)?;
    auth::keep_token(&cookies, &state.public_url, &text);
    Ok(Redirect::to(PAGE).into_response())
}

pub async fn revoke_token(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(token): IdPath,
) -> Result<Response, Problem> {
    access::revoke_token(&seen.viewer, &state.db, token).await.map_err(back)?;
    Ok(Redirect::to(PAGE).into_response())
}

/// Signs the person out everywhere but here.
pub async fn end_other_sessions(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    session: Session,
) -> Result<Response, Problem> {
    let own = session.id().map(auth::id_hash).ok_or_else(|| Problem::of(ErrorKind::Unauthenticated))?;
    access::end_other_sessions(&seen.viewer, &state.db, &own).await?;
    Ok(Redirect::to(PAGE).into_response())
}

fn back(error: Error) -> Problem {
    Problem::from(error).with_way_back(PAGE.to_owned(), "Go back to the settings")
}
