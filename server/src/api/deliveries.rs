//! `/api/v1/deliveries` and `/api/v1/delivery-changes`

use axum::{
    Extension, Json,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use backend::delivery::{self, ChangeRequest, ChangeView, DeliveryFilter};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{IdPath, JsonBody};
use crate::{auth::SignedIn, edge::Problem, state::AppState};

const MOST_CHANGES: i64 = 100;

#[derive(Debug, Deserialize, IntoParams)]
pub struct ListQuery {
    team: Option<String>,
    service: Option<String>,
    cursor: Option<String>,
}

/// `GET /api/v1/deliveries?service&team`: environments, what should run in each and what does; for production also the
/// commit that it is pinned to and what the branch holds beside it.
pub async fn list_deliveries(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, Problem> {
    let filter = DeliveryFilter {
        team: query.team.map(short_name),
        service: query.service.map(short_name),
        after: query.cursor,
        limit: None,
    };
    let page = delivery::list(&seen.viewer, &state.db, &filter).await?;
    Ok(Json(json!({ "items": page.items, "next_cursor": page.next_cursor })))
}

/// `GET /api/v1/delivery-changes?service`: promotions, roll-backs and releases, the latest first; the latest hundred.
pub async fn list_changes(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, Problem> {
    let service = query.service.map(short_name);
    let items = delivery::changes(&seen.viewer, &state.db, service.as_deref(), MOST_CHANGES).await?;
    Ok(Json(json!({ "items": items, "next_cursor": null })))
}

/// `{kind: promote, cluster, from, to}`, `{kind: roll_back, cluster, namespace, commit}` or `{kind: release, cluster,
/// namespace}`; places are namespaces.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChangeBody {
    Promote { cluster: String, from: String, to: String },
    RollBack { cluster: String, namespace: String, commit: String },
    Release { cluster: String, namespace: String },
}

/// `POST /api/v1/delivery-changes`: 202; what it would change is worked out by a worker and shown at its address.
pub async fn request_change(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<ChangeBody>,
) -> Result<Response, Problem> {
    let wanted = match body.value {
        ChangeBody::Promote { cluster, from, to } => ChangeRequest::Promote { cluster, from, to },
        ChangeBody::RollBack { cluster, namespace, commit } => ChangeRequest::RollBack { cluster, namespace, commit },
        ChangeBody::Release { cluster, namespace } => ChangeRequest::Release { cluster, namespace },
    };
    let change = delivery::request(&seen.viewer, &state.db, &wanted).await?;
    let view = delivery::find_change(&seen.viewer, &state.db, change).await?;
    let location = [("location", format!("/api/v1/delivery-changes/{change}"))];
    Ok((StatusCode::ACCEPTED, location, Json(view)).into_response())
}

/// `GET /api/v1/delivery-changes/{id}`
pub async fn find_change(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
) -> Result<Json<ChangeView>, Problem> {
    now(&state, &seen, change).await
}

/// `POST /api/v1/delivery-changes/{id}/confirm`: by whoever asked, after reading the difference.
pub async fn confirm_change(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
) -> Result<Json<ChangeView>, Problem> {
    delivery::confirm(&seen.viewer, &state.db, change).await?;
    now(&state, &seen, change).await
}

/// `POST /api/v1/delivery-changes/{id}/approve`: by a lead of the team who did not ask for it.
pub async fn approve_change(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
) -> Result<Json<ChangeView>, Problem> {
    delivery::approve(&seen.viewer, &state.db, change).await?;
    now(&state, &seen, change).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DenyBody {
    reason: String,
}

/// `POST /api/v1/delivery-changes/{id}/deny` `{reason}`
pub async fn deny_change(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
    body: JsonBody<DenyBody>,
) -> Result<Json<ChangeView>, Problem> {
    delivery::deny(&seen.viewer, &state.db, change, &body.value.reason).await?;
    now(&state, &seen, change).await
}

/// `POST /api/v1/delivery-changes/{id}/withdraw`
pub async fn withdraw_change(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
) -> Result<Json<ChangeView>, Problem> {
    delivery::withdraw(&seen.viewer, &state.db, change).await?;
    now(&state, &seen, change).await
}

async fn now(state: &AppState, seen: &SignedIn, change: Uuid) -> Result<Json<ChangeView>, Problem> {
    Ok(Json(delivery::find_change(&seen.viewer, &state.db, change).await?))
}

/// Filters take references, as everything else does, and plain names.
fn short_name(reference: String) -> String {
    reference.rsplit('/').next().unwrap_or_default().to_owned()
}
