//! `/api/v1/golden-paths/{name}/plans` and `/api/v1/plans`

use std::time::Duration;

use axum::{
    Extension, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use backend::{
    Db, Error,
    scaffold::{self, PlanView},
};
use domain::{
    access::Viewer,
    error::{FieldError, pointer},
    scaffold::PlanState,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::time::{Instant, sleep};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{IdPath, JsonBody, NamePath};
use crate::{auth::SignedIn, edge::Problem, state::AppState};

/// How long a caller waits for the plan itself; after that the answer is where to find it.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(150);

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanBody {
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
}

/// A plan that a worker has not answered yet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Planning {
    id: Uuid,
    state: PlanState,
}

/// `POST /api/v1/golden-paths/{name}/plans`: 201 with the plan, 202 when the worker takes its time, 422 also for what
/// only the worker could find out, such as a name that is taken at the Git host.
pub async fn request_plan(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    NamePath(name): NamePath,
    body: JsonBody<PlanBody>,
) -> Result<Response, Problem> {
    let parameters = Value::Object(body.value.parameters);
    let unstorable = unstorable(&parameters, &mut String::new());
    if !unstorable.is_empty() {
        return Err(Error::Invalid(unstorable).into());
    }
    let id = scaffold::request_plan(&seen.viewer, &state.db, &name, &parameters).await?;
    let location = [("location", format!("/api/v1/plans/{id}"))];
    match answered(&seen.viewer, &state.db, id).await? {
        Some(plan) if plan.state == PlanState::Failed && !plan.errors.is_empty() => {
            Err(Error::Invalid(plan.errors).into())
        }
        Some(plan) => Ok((StatusCode::CREATED, location, Json(plan)).into_response()),
        None => Ok((StatusCode::ACCEPTED, location, Json(Planning { id, state: PlanState::Planning })).into_response()),
    }
}

/// The plan, as soon as a worker has answered in time.
async fn answered(viewer: &Viewer, db: &Db, id: Uuid) -> Result<Option<PlanView>, Error> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let plan = scaffold::find_plan(viewer, db, id).await?;
        if plan.state != PlanState::Planning {
            return Ok(Some(plan));
        }
        sleep(LOOK_EVERY).await;
    }
    Ok(None)
}

/// `GET /api/v1/plans/{id}`
pub async fn find_plan(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(plan): IdPath,
) -> Result<Json<PlanView>, Problem> {
    Ok(Json(scaffold::find_plan(&seen.viewer, &state.db, plan).await?))
}

/// The database holds no zero characters. A form cannot send one past its reader; JSON can.
fn unstorable(value: &Value, place: &mut String) -> Vec<FieldError> {
    let error = |place: &str| FieldError::new(place, "There is a zero character in this: remove it.");
    let mut below = |key: &str, value: &Value| {
        let length = place.len();
        place.push_str(&pointer([key]));
        let mut found = if key.contains('\0') { vec![error(place)] } else { Vec::new() };
        found.extend(unstorable(value, place));
        place.truncate(length);
        found
    };
    match value {
        Value::String(text) if text.contains('\0') => vec![error(place)],
        Value::Array(items) => items.iter().enumerate().flat_map(|(i, item)| below(&i.to_string(), item)).collect(),
        Value::Object(map) => map.iter().flat_map(|(key, value)| below(key, value)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn zero_characters_are_found_wherever_they_are() {
        let value = json!({"name": "a", "b/c": ["x", {"d": "\0"}], "e": "a\0", "f\0": 1});
        let found = unstorable(&value, &mut String::new());
        let pointers: Vec<&str> = found.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/b~1c/1/d", "/e", "/f\0"]);
    }
}
