//! A form that needs a sign-in first. What was typed is left here for this browser, and whoever signs in finds it in the
//! form again.

use axum::{
    body::to_bytes,
    extract::Request,
    response::{IntoResponse, Redirect, Response},
};
use backend::access::{self, LeftForm};
use domain::{
    access::{AFRESH, KEPT, NextPath, PersonId, UNDONE},
    error::ErrorKind,
    golden_paths::form::Typed,
};
use http::header::{ACCEPT, CONTENT_TYPE};
use tower_cookies::Cookies;
use url::form_urlencoded;

use super::{
    cookies,
    form_home::{FormHome, join},
};
use crate::{
    catalog_change,
    edge::{FORM_BYTES, Problem},
    golden_paths,
    state::AppState,
};

/// Why the form was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Session,
    /// There is a session, and its sign-in is too old.
    FreshSignIn,
}

const NO_ROOM: &str = "You are not signed in, and what you typed could not be kept. Sign in in another tab, then go back \
                       here in your browser and send it again.";

/// Whether a person has sent this from a page.
pub(super) fn is_form(request: &Request) -> bool {
    let has = |name, word| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).is_some_and(|text: &str| text.contains(word))
    };
    has(CONTENT_TYPE, "application/x-www-form-urlencoded") && has(ACCEPT, "text/html")
}

/// Leads to the sign-in, and from there to the page of the form.
pub(super) async fn lead_to_sign_in(state: &AppState, home: FormHome, missing: Missing, request: Request) -> Response {
    match left(state, home, missing, request).await {
        Ok(login) => Redirect::to(&login).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn left(state: &AppState, home: FormHome, missing: Missing, request: Request) -> Result<String, Problem> {
    let address = home.address(&request, &state.public_url);
    let (page, place) = address.split_once('#').unwrap_or((&address, ""));
    let kept = if home.has_fields { Some(keep(state, page, request).await?) } else { None };
    let mut said = form_urlencoded::Serializer::new(String::new());
    if missing == Missing::FreshSignIn {
        said.append_pair(AFRESH, place);
    }
    if let Some(kept) = kept {
        said.append_pair(KEPT, &kept);
    } else if missing == Missing::Session {
        said.append_pair(UNDONE, "1");
    }
    // The page says at its top that a session had ended; what needs a fresh sign-in says so at its place.
    let place = if missing == Missing::FreshSignIn { format!("#{place}") } else { String::new() };
    let next: NextPath = format!("{}{place}", join(page, &said.finish())).parse().unwrap_or_default();
    let mut query = form_urlencoded::Serializer::new(String::new());
    if missing == Missing::FreshSignIn {
        query.append_pair("fresh", "1");
    }
    Ok(format!("/login?{}", query.append_pair("next", next.as_str()).finish()))
}

/// Answers the id under which the page finds it.
async fn keep(state: &AppState, page: &str, request: Request) -> Result<String, Problem> {
    let cookies = request.extensions().get::<Cookies>().cloned().unwrap_or_default();
    let path = page.split('?').next().unwrap_or_default().to_owned();
    let body = to_bytes(request.into_body(), FORM_BYTES).await.map_err(|_| Problem::of(ErrorKind::TooLarge))?;
    let fields = form_urlencoded::parse(&body).into_owned().filter(|(name, _)| !is_secret(name));
    let form = LeftForm { page: path, typed: Typed::new(fields.collect()) };
    let token = cookies::mark_input(&cookies, &state.public_url);
    let id = access::leave_form(&state.db, &token, &form).await?;
    let id = id.ok_or_else(|| Problem::of(ErrorKind::Unauthenticated).with_detail(NO_ROOM))?;
    Ok(id.to_string())
}

/// What nobody should find written down anywhere.
fn is_secret(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    ["password", "secret", "token"].iter().any(|word| field.ends_with(word))
}

/// Gives what was left at this browser to whoever has just signed in. Forms that have drafts find it there. A sign-in never
/// fails for it.
pub(super) async fn claim(state: &AppState, cookies: &Cookies, person: PersonId) {
    let Some(token) = cookies::input(cookies, &state.public_url) else { return };
    if let Err(error) = claim_all(state, person, &token).await {
        tracing::warn!(%error, "input that waited for a sign-in was not taken over");
    }
}

async fn claim_all(state: &AppState, person: PersonId, token: &[u8; 32]) -> backend::Result<()> {
    let forms = access::claim_forms(&state.db, person, token).await?;
    if forms.is_empty() {
        return Ok(());
    }
    let viewer = access::signed_in(&state.db, &state.role_groups, person.0).await?.viewer;
    for form in &forms {
        golden_paths::keep_left(&viewer, &state.db, form).await?;
        catalog_change::keep_left(&viewer, &state.db, form).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn secrets_are_not_kept() {
        for (field, secret) in
            [("password", true), ("client_Secret", true), ("api-token", true), ("reason", false), ("tokens", false)]
        {
            assert_eq!(is_secret(field), secret, "{field}");
        }
    }
}
