//! `/api/v1/tokens`

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use backend::{
    Error,
    access::{self, TokenView},
};
use domain::access::TokenWish;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{IdPath, JsonBody, Page, once::ShownOnce};
use crate::{auth::SignedIn, clock, edge::Problem, state::AppState};

/// A name, what the token may do (`read`, `write`), and when it ends: a year from now at most.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    name: String,
    scopes: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// A token that was made just now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NewToken {
    #[serde(flatten)]
    view: TokenView,
    /// `wmk_…`: shown here once and kept as a hash.
    token: String,
}

/// `POST /api/v1/tokens`: 201 with the token's text, which is never shown again.
pub async fn make_token(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<TokenBody>,
) -> Result<Response, Problem> {
    let TokenBody { name, scopes, expires_at } = body.value;
    let wish = TokenWish::new(&name, &scopes, expires_at, clock::now()).map_err(Error::Invalid)?;
    let (view, text) = access::make_token(&seen.viewer, &state.db, &wish).await?;
    let made = NewToken { view, token: text.expose().to_owned() };
    Ok((StatusCode::CREATED, Extension(ShownOnce), Json(made)).into_response())
}

/// `GET /api/v1/tokens`: one's own that are not over, the latest first; twenty are the most.
pub async fn list_tokens(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
) -> Result<Json<Page<TokenView>>, Problem> {
    Ok(Json(Page::whole(access::list_tokens(&seen.viewer, &state.db).await?)))
}

/// `DELETE /api/v1/tokens/{id}`: 204; it is refused from now on.
pub async fn revoke_token(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(token): IdPath,
) -> Result<StatusCode, Problem> {
    access::revoke_token(&seen.viewer, &state.db, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
