//! Reading of request bodies, with errors that name the field.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use domain::error::{ErrorKind, FieldError};
use http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::edge::Problem;

/// A JSON body.
#[derive(Debug)]
pub struct JsonBody<T> {
    pub value: T,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !content_type.starts_with("application/json") {
            return Err(Problem::of(ErrorKind::UnsupportedMediaType));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Problem::of(ErrorKind::TooLarge))?;
        let value = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
        Ok(Self { value })
    }
}

/// Says what the reader stumbled over; its text quotes names of fields and never values.
fn unreadable(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let quoted = text.split('`').nth(1).unwrap_or_default();
    let message = if text.starts_with("unknown field") {
        format!("There is no field {quoted} here; remove it.")
    } else if text.starts_with("missing field") {
        format!("The field {quoted} is missing.")
    } else {
        format!("This is not the JSON that is expected (line {}, column {}).", error.line(), error.column())
    };
    let is_named = text.starts_with("unknown field") || text.starts_with("missing field");
    let pointer = if is_named { format!("/{quoted}") } else { String::new() };
    backend::Error::Invalid(vec![FieldError::new(pointer, message)]).into()
}
