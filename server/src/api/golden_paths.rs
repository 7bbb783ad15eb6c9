//! `/api/v1/golden-paths`

use axum::{Extension, Json, extract::State};
use backend::golden_paths::{self, PathSummary, PathVersion};
use domain::golden_paths::Parameters;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{NamePath, Page};
use crate::{auth::SignedIn, edge::Problem, state::AppState};

/// One path with all its versions, the current one on top.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnePath {
    #[serde(flatten)]
    path: PathSummary,
    versions: Vec<PathVersion>,
    /// A JSON Schema (draft 7).
    parameters: Value,
}

/// `GET /api/v1/golden-paths`: the current versions.
pub async fn list_golden_paths(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
) -> Result<Json<Page<PathSummary>>, Problem> {
    Ok(Json(Page::whole(golden_paths::list(&seen.viewer, &state.db).await?)))
}

/// `GET /api/v1/golden-paths/{name}`: with all versions, and `parameters` as one JSON Schema (draft 7).
pub async fn find_golden_path(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    NamePath(name): NamePath,
) -> Result<Json<OnePath>, Problem> {
    let (path, versions) = golden_paths::find(&seen.viewer, &state.db, &name).await?;
    let template = golden_paths::template(&seen.viewer, &state.db, &name).await?;
    let parameters =
        Parameters::of(&template).map_err(|fault| backend::Error::internal(format!("golden path {name}: {fault}")))?;
    Ok(Json(OnePath { path, versions, parameters: parameters.schema().clone() }))
}
