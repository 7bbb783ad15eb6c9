//! `/api/catalog/validate-entity`

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::catalog::descriptor::{read, write};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::JsonBody;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityBody {
    entity: Value,
    /// Where it would be read from, such as `url:https://git.example.com/team/service/catalog-info.yaml`.
    location: String,
}

/// `POST /api/catalog/validate-entity`: 200 when it is in order, else 400 with everything that is wrong.
pub async fn validate(body: JsonBody<EntityBody>) -> Response {
    let EntityBody { entity, location } = body.value;
    let mut errors: Vec<Value> = Vec::new();
    if !location.split_once(':').is_some_and(|(kind, target)| !kind.trim().is_empty() && !target.trim().is_empty()) {
        let message = "Write the location as type:target, such as url:https://git.example.com/team/service/.";
        errors.push(json!({ "name": "location", "message": message }));
    }
    if entity.is_object() {
        let reading = read(&write([&entity]));
        let wrong = reading.findings.iter().filter(|finding| finding.is_error());
        errors.extend(wrong.map(|finding| json!({ "name": finding.rule, "message": finding.message })));
    } else {
        let message = "An entity is a map with `apiVersion`, `kind`, `metadata` and `spec`.";
        errors.push(json!({ "name": "not-a-map", "message": message }));
    }
    match errors.is_empty() {
        true => StatusCode::OK.into_response(),
        false => (StatusCode::BAD_REQUEST, Json(json!({ "errors": errors }))).into_response(),
    }
}
