//! Each request gets an id of our own; ids from outside are not trusted to be unique or harmless.

use axum::{extract::Request, middleware::Next, response::Response};
use http::HeaderValue;
use tracing::Instrument;
use uuid::Uuid;

/// The id by which a request is found in the log; people see it on error pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestId(pub(super) Uuid);

/// Names the request, logs its outcome, counts it.
pub(super) async fn name_and_log(mut request: Request, next: Next) -> Response {
    let id = RequestId(Uuid::new_v4());
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", id = %id.0, method = %request.method(), path = request.uri().path());
    let started = std::time::Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(&id.0.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    let status = response.status().as_u16();
    let duration = started.elapsed();
    span.in_scope(|| tracing::info!(status, duration_ms = duration.as_millis(), "answered"));
    metrics::counter!("http_requests_total", "status" => format!("{}xx", status / 100)).increment(1);
    metrics::histogram!("http_request_seconds").record(duration.as_secs_f64());
    response
}
