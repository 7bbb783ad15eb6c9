//! The order in which a request passes the edge, outermost first.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use domain::error::ErrorKind;
use http::StatusCode;
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use super::{Problem, headers, host, origin, problem, request_id};
use crate::config::PublicUrl;

/// No form of ours is longer.
pub const FORM_BYTES: usize = 64 * 1024;
/// Questions to the catalog's read API name up to a thousand entities.
const BODY_BYTES: usize = 128 * 1024;
/// Events of other systems tell more than we read.
const EVENT_BYTES: usize = 1024 * 1024;
/// Time for an answer to begin; streams go on for longer.
const ANSWER: Duration = Duration::from_secs(30);

/// Puts the edge around the routes: name → headers → page or problem → panic → body size → host → origin → time.
/// `events` come from other systems and are signed, so that no browser can send one: for them there is no check of the
/// origin, and a cookie is nothing. `css` is the address of the style sheet for the error page.
pub fn wrap(routes: Router, events: Router, public_url: &PublicUrl, css: &str) -> Router {
    let css: Arc<str> = css.into();
    let time = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER);
    let host = from_fn_with_state(public_url.clone(), host::check);
    let events = events.layer(time).layer(host.clone()).layer(RequestBodyLimitLayer::new(EVENT_BYTES));
    routes
        .layer(time)
        .layer(from_fn_with_state(public_url.clone(), origin::check))
        .layer(origin::layer())
        .layer(host)
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .merge(events)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(css, problem::page_or_problem))
        .layer(from_fn(headers::add))
        .layer(from_fn(request_id::name_and_log))
}

fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text =
        cause.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| cause.downcast_ref::<String>().cloned());
    tracing::error!(cause = text.unwrap_or_default(), "a handler panicked");
    metrics::counter!("http_panics_total").increment(1);
    Problem::of(ErrorKind::Internal).into_response()
}
