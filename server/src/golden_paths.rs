//! What people do in the form of a golden path.

use app::pages::golden_paths::FORM_ACTION;
use axum::{
    Extension,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::golden_paths;
use domain::{
    error::ErrorKind,
    golden_paths::form::{Typed, check},
};
use http::{HeaderMap, header::CONTENT_TYPE};
use tower_cookies::Cookies;

use crate::{
    api::NamePath,
    auth::{SignedIn, mark_input},
    edge::Problem,
    state::AppState,
};

/// `POST /golden-paths/{name}/new`: everything that was typed is kept first, whatever becomes of it.
pub async fn answer(
    State(state): State<AppState>,
    cookies: Cookies,
    seen: Option<Extension<SignedIn>>,
    NamePath(name): NamePath,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let (action, typed) = read(&headers, &body)?;
    let form = format!("/golden-paths/{name}/new");
    let Some(Extension(seen)) = seen else {
        return sign_in_first(&state, &cookies, &name, &typed, &form).await;
    };
    let (viewer, db) = (&seen.viewer, &state.db);
    if action == "discard" {
        golden_paths::discard_draft(viewer, db, &name).await?;
        return Ok(Redirect::to(&form).into_response());
    }
    let checked = check(&golden_paths::template(viewer, db, &name).await?, &typed);
    let errors = checked.as_ref().err().filter(|_| action != "save").cloned().unwrap_or_default();
    golden_paths::save_draft(viewer, db, &name, &typed, &errors).await?;
    Ok(Redirect::to(&form).into_response())
}

/// The session has ended meanwhile. The input waits, and whoever signs in at this browser finds it in the form.
async fn sign_in_first(
    state: &AppState,
    cookies: &Cookies,
    name: &str,
    typed: &Typed,
    form: &str,
) -> Result<Response, Problem> {
    let token = mark_input(cookies, &state.public_url);
    if !golden_paths::park(&state.db, &token, name, typed).await? {
        let detail = "You are not signed in, and what you typed could not be kept. Sign in in another tab, then go back \
                      here in your browser and send it again.";
        return Err(Problem::of(ErrorKind::Unauthenticated).with_detail(detail));
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", form).finish();
    Ok(Redirect::to(&format!("/login?{query}")).into_response())
}

/// The button that was pressed, and all fields as they were sent.
fn read(headers: &HeaderMap, body: &Bytes) -> Result<(String, Typed), Problem> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/x-www-form-urlencoded") {
        return Err(Problem::of(ErrorKind::UnsupportedMediaType));
    }
    let (actions, fields): (Vec<_>, Vec<_>) =
        url::form_urlencoded::parse(body).into_owned().partition(|(name, _)| name == FORM_ACTION);
    let action = actions.into_iter().next().map(|(_, value)| value).unwrap_or_default();
    Ok((action, Typed::new(fields)))
}
