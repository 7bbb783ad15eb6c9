//! `/api/v1/environments`

use axum::{
    Extension, Json,
    extract::{Query, State},
};
use backend::{
    Error,
    catalog::running::{EnvironmentFilter, EnvironmentState, EnvironmentView, environments},
};
use domain::error::FieldError;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Page;
use crate::{auth::SignedIn, edge::Problem, state::AppState};

/// `owner` is a reference or `mine`, `environment` a name or `not-known`.
#[derive(Debug, Deserialize, IntoParams)]
pub struct ListQuery {
    environment: Option<String>,
    cluster: Option<String>,
    owner: Option<String>,
    /// runs, behind, stuck or unknown
    state: Option<String>,
    cursor: Option<String>,
}

/// `GET /api/v1/environments?environment&cluster&owner&state`: services in namespaces of clusters, what should run in each
/// and what does.
pub async fn list_environments(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<EnvironmentView>>, Problem> {
    let unknown = || Error::Invalid(vec![FieldError::new("/state", "Ask for runs, behind, stuck or unknown.")]);
    let filter = EnvironmentFilter {
        environment: query.environment,
        cluster: query.cluster,
        owner: query.owner,
        state: query.state.map(|word| EnvironmentState::of(&word).ok_or_else(unknown)).transpose()?,
        after: query.cursor,
        limit: None,
    };
    let page = environments(&seen.viewer, &state.db, &filter).await?;
    Ok(Json(Page { items: page.items, next_cursor: page.next }))
}
