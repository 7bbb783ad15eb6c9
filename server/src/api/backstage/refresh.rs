//! `/api/catalog/refresh`

use axum::{Extension, extract::State};
use backend::catalog::living;
use domain::{catalog::EntityRef, error::ErrorKind};
use http::StatusCode;
use serde::Deserialize;

use super::entities::one;
use crate::{api::JsonBody, auth::SignedIn, edge::Problem, state::AppState};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefreshBody {
    entity_ref: String,
}

/// `POST /api/catalog/refresh`: has the entity's source read again at once. 409 for what is read from nowhere.
pub async fn refresh(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<RefreshBody>,
) -> Result<StatusCode, Problem> {
    let reference = EntityRef::relative(&body.value.entity_ref, None, "default");
    let reference = reference.map_err(|_| Problem::of(ErrorKind::NotFound))?;
    one(&state, &seen, reference.clone()).await?;
    living::look_again_at(&seen.viewer, &state.db, &reference).await?;
    Ok(StatusCode::OK)
}
