//! What people choose for themselves.

use axum::{
    Extension, Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::{Error, access};
use domain::{
    access::{NextPath, Theme},
    error::FieldError,
};
use serde::Deserialize;

use crate::{auth::SignedIn, edge::Problem, state::AppState};

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
