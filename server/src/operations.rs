//! The port for probes and metrics: reachable by the cluster, never by people.

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use backend::Db;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use crate::shutdown::Shutdown;

#[derive(Clone)]
pub struct Operations {
    pub db: Db,
    pub metrics: Option<PrometheusHandle>,
    pub shutdown: Shutdown,
}

/// `/live` answers while the process does, with the database or without; `/ready` when requests can be served.
pub fn router(operations: Operations) -> Router {
    Router::new()
        .route("/live", get(|| async { "alive\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(operations)
}

async fn ready(State(operations): State<Operations>) -> Response {
    if operations.shutdown.is_requested() {
        return not_ready("stopping");
    }
    match operations.db.is_ready().await {
        Ok(()) => Json(json!({ "ready": true })).into_response(),
        Err(error) => not_ready(&error.to_string()),
    }
}

fn not_ready(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "ready": false, "why": why }))).into_response()
}

async fn metrics(State(operations): State<Operations>) -> Response {
    match operations.metrics {
        Some(handle) => handle.render().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
