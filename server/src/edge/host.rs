//! Requests for another host name are refused: links and cookies are built for one name.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::error::ErrorKind;
use http::header::HOST;

use super::Problem;
use crate::config::PublicUrl;

pub(super) async fn check(State(public_url): State<PublicUrl>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str()));
    if host.is_some_and(|host| host.eq_ignore_ascii_case(public_url.authority())) {
        return next.run(request).await;
    }
    Problem::of(ErrorKind::Misdirected).into_response()
}
