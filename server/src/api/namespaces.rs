//! `/api/v1/namespaces`

use axum::{
    Extension, Json,
    extract::{Path, Query, State},
};
use backend::provisioning::{self, NamespaceFilter};
use domain::provisioning::NamespaceView;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{auth::SignedIn, edge::Problem, state::AppState};

#[derive(Debug, Deserialize)]
pub struct ListQuery {
    cluster: Option<String>,
    team: Option<String>,
    service: Option<String>,
    cursor: Option<String>,
}

/// `GET /api/v1/namespaces?service&team&cluster`
pub async fn list_namespaces(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, Problem> {
    let filter = NamespaceFilter {
        cluster: query.cluster,
        team: query.team.map(short_name),
        service: query.service.map(short_name),
        after: query.cursor,
        limit: None,
    };
    let page = provisioning::list(&seen.viewer, &state.db, &filter).await?;
    Ok(Json(json!({ "items": page.items, "next_cursor": page.next_cursor })))
}

/// Filters take references, as everything else does, and plain names.
fn short_name(reference: String) -> String {
    reference.rsplit('/').next().unwrap_or_default().to_owned()
}

/// `GET /api/v1/namespaces/{cluster}/{name}`
pub async fn find_namespace(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Path((cluster, name)): Path<(String, String)>,
) -> Result<Json<NamespaceView>, Problem> {
    Ok(Json(provisioning::find(&seen.viewer, &state.db, &cluster, &name).await?))
}
