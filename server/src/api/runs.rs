//! `/api/v1/runs`

use std::convert::Infallible;

use axum::{
    Extension, Json,
    extract::{Query, State},
    response::{IntoResponse, Response, Sse, sse},
};
use backend::{
    Error,
    scaffold::{self, Acceptance, RunFilter, RunView},
};
use domain::{error::FieldError, scaffold::RunState};
use futures::Stream;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{IdPath, JsonBody};
use crate::{auth::SignedIn, edge::Problem, run_stream, state::AppState};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptBody {
    plan_id: Uuid,
    plan_hash: String,
}

/// `POST /api/v1/runs`: applies the plan that was read. 202 with the run, only after it is stored.
pub async fn accept(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<AcceptBody>,
) -> Result<Response, Problem> {
    let acceptance = Acceptance { plan: body.value.plan_id, hash: body.value.plan_hash };
    let run = scaffold::accept(&seen.viewer, &state.db, &acceptance).await?;
    let view = scaffold::find(&seen.viewer, &state.db, run).await?;
    Ok((StatusCode::ACCEPTED, [("location", format!("/api/v1/runs/{run}"))], Json(view)).into_response())
}

pub async fn find(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(run): IdPath,
) -> Result<Json<RunView>, Problem> {
    Ok(Json(scaffold::find(&seen.viewer, &state.db, run).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct ListQuery {
    state: Option<String>,
    #[serde(default)]
    mine: bool,
    cursor: Option<Uuid>,
}

const PAGE: i64 = 50;

/// `GET /api/v1/runs?state&mine`: newest first, without steps.
pub async fn list(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, Problem> {
    let wanted = query.state.map(|word| word.parse::<RunState>()).transpose().map_err(|_| {
        Problem::from(Error::Invalid(vec![FieldError::new("/state", "There is no such state of a run.")]))
    })?;
    let filter = RunFilter { state: wanted, mine: query.mine, after: query.cursor, limit: PAGE };
    let items = scaffold::list(&seen.viewer, &state.db, &filter).await?;
    let next = (items.len() as i64 == PAGE).then(|| items.last().map(|run| run.id)).flatten();
    Ok(Json(json!({ "items": items, "next_cursor": next })))
}

/// `POST /api/v1/runs/{id}/cancel`
pub async fn cancel(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(run): IdPath,
) -> Result<Json<RunView>, Problem> {
    scaffold::cancel(&seen.viewer, &state.db, run).await?;
    Ok(Json(scaffold::find(&seen.viewer, &state.db, run).await?))
}

/// `POST /api/v1/runs/{id}/retry`
pub async fn retry(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(run): IdPath,
) -> Result<Json<RunView>, Problem> {
    scaffold::retry(&seen.viewer, &state.db, run).await?;
    Ok(Json(scaffold::find(&seen.viewer, &state.db, run).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct EventsQuery {
    /// For readers that cannot send `Last-Event-ID` the first time, as browsers cannot.
    after: Option<i64>,
}

/// `GET /api/v1/runs/{id}/events`: what has happened and what happens, until the run has ended.
pub async fn events(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(run): IdPath,
    Query(query): Query<EventsQuery>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<sse::Event, Infallible>>>, Problem> {
    // Asked first, so that somebody without permission gets an answer and not an empty stream.
    let is_over = scaffold::find(&seen.viewer, &state.db, run).await?.state.is_terminal();
    let last_event_id = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let seen_up_to = last_event_id.or(query.after).unwrap_or(0);
    Ok(Sse::new(run_stream::follow(state, seen.viewer, run, seen_up_to, is_over)).keep_alive(sse::KeepAlive::default()))
}
