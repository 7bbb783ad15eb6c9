//! `/api/v1/namespaces`

use axum::{
    Extension, Json,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use backend::{
    Error,
    provisioning::{self, Declaration, NamespaceFilter},
};
use domain::{
    catalog::EntityRef,
    error::FieldError,
    provisioning::{NamespaceView, Size},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::{JsonBody, NamespacePath};
use crate::{auth::SignedIn, edge::Problem, state::AppState};

#[derive(Debug, Deserialize, IntoParams)]
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
    NamespacePath(cluster, name): NamespacePath,
) -> Result<Json<NamespaceView>, Problem> {
    Ok(Json(provisioning::find(&seen.viewer, &state.db, &cluster, &name).await?))
}

/// Team and service are references, such as `group:default/payments` and `component:default/checkout`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareBody {
    cluster: String,
    team: EntityRef,
    service: EntityRef,
    environment: String,
    size: String,
}

/// `POST /api/v1/namespaces`: 202 as soon as it is stored; the cluster follows.
pub async fn declare_namespace(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<DeclareBody>,
) -> Result<Response, Problem> {
    let wanted = body.value;
    let size = Size::parse(&wanted.size)
        .ok_or_else(|| Error::Invalid(vec![FieldError::new("/size", "Choose small, medium or large.")]))?;
    // The API server knows the identity provider's groups by this prefix.
    let group = format!("oidc:{}", wanted.team.name());
    let declaration = Declaration {
        cluster: wanted.cluster,
        team: wanted.team.name().to_owned(),
        service: wanted.service.name().to_owned(),
        environment: wanted.environment,
        size,
        editors: vec![group.clone()],
        viewers: vec![group],
    };
    let declared = provisioning::declare(&seen.viewer, &state.db, &declaration).await?;
    let view = provisioning::find(&seen.viewer, &state.db, &declared.cluster, declared.name.as_str()).await?;
    let location = format!("/api/v1/namespaces/{}/{}", view.cluster, view.name);
    Ok((StatusCode::ACCEPTED, [("location", location)], Json(view)).into_response())
}
