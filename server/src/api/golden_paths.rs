//! `/api/v1/golden-paths`

use axum::{Extension, Json, extract::State};
use backend::golden_paths;
use domain::golden_paths::Parameters;
use serde_json::{Value, json};

use super::NamePath;
use crate::{auth::SignedIn, edge::Problem, state::AppState};

/// `GET /api/v1/golden-paths`: the current versions.
pub async fn list_golden_paths(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
) -> Result<Json<Value>, Problem> {
    let items = golden_paths::list(&seen.viewer, &state.db).await?;
    Ok(Json(json!({ "items": items, "next_cursor": null })))
}

/// `GET /api/v1/golden-paths/{name}`: with all versions, and `parameters` as one JSON Schema (draft 7).
pub async fn find_golden_path(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    NamePath(name): NamePath,
) -> Result<Json<Value>, Problem> {
    let (path, versions) = golden_paths::find(&seen.viewer, &state.db, &name).await?;
    let template = golden_paths::template(&seen.viewer, &state.db, &name).await?;
    let parameters =
        Parameters::of(&template).map_err(|fault| backend::Error::internal(format!("golden path {name}: {fault}")))?;
    let mut answer = json!(path);
    answer["versions"] = json!(versions);
    answer["parameters"] = parameters.schema().clone();
    Ok(Json(answer))
}
