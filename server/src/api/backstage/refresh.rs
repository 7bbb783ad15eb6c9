//! `/api/catalog/refresh`

use axum::{Extension, extract::State};
use backend::Error;
use domain::{catalog::EntityRef, error::ErrorKind};
use serde::Deserialize;

use super::entities::one;
use crate::{api::JsonBody, auth::SignedIn, edge::Problem, state::AppState};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefreshBody {
    entity_ref: String,
}

/// `POST /api/catalog/refresh`: sources are handed over and not asked, so it says what to do instead.
pub async fn refresh(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<RefreshBody>,
) -> Problem {
    let Ok(reference) = EntityRef::relative(&body.value.entity_ref, None, "default") else {
        return Problem::of(ErrorKind::NotFound);
    };
    if let Err(problem) = one(&state, &seen, reference).await {
        return problem;
    }
    let detail = "What this entity was read from is not asked again by itself. Hand its file over once more with \
                  `waymark catalog import`; then it is read at once.";
    Error::Conflict { code: "not_asked", detail: detail.into() }.into()
}
