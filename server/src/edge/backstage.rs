//! Problems in the form that clients of Backstage's catalog read.

use axum::response::{IntoResponse, Response};
use domain::error::ErrorKind;
use http::{Method, StatusCode, header::CONTENT_TYPE};
use serde_json::json;

use super::Problem;

/// `{error: {name, message}, request: {method, url}, response: {statusCode}}`
pub(super) fn document(problem: &Problem, method: &Method, address: &str) -> Response {
    let status = status_of(problem.kind());
    let body = json!({
        "error": { "name": name_of(problem.kind()), "message": problem.sentences() },
        "request": { "method": method.as_str(), "url": address },
        "response": { "statusCode": status.as_u16() },
    });
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// Such clients know no 422.
fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        _ => StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// The names that `@backstage/errors` 1.3 gives; those that it has none for are plain errors.
fn name_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Invalid | ErrorKind::UnsupportedMediaType | ErrorKind::TooLarge => "InputError",
        ErrorKind::Unauthenticated => "AuthenticationError",
        ErrorKind::Forbidden | ErrorKind::MethodNotAllowed => "NotAllowedError",
        ErrorKind::NotFound => "NotFoundError",
        ErrorKind::Conflict => "ConflictError",
        ErrorKind::Unavailable => "ServiceUnavailableError",
        ErrorKind::RequestTimeout | ErrorKind::Misdirected | ErrorKind::TooManyRequests | ErrorKind::Internal => {
            "Error"
        }
    }
}
