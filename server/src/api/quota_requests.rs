//! `/api/v1/quota-requests`

use std::collections::BTreeMap;

use axum::{
    Extension, Json,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use backend::{
    Error,
    provisioning::leases::{self, Decision, LeaseFilter, LeaseRequest, LeaseView},
};
use domain::error::{FieldError, pointer};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{IdPath, JsonBody};
use crate::{auth::SignedIn, edge::Problem, state::AppState};

/// `resources` maps node resources, such as `nvidia.com/gpu`, to whole numbers from 1 to 10000.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestBody {
    cluster: String,
    namespace: String,
    resources: BTreeMap<String, Value>,
    #[serde(with = "time::serde::rfc3339")]
    until: OffsetDateTime,
    reason: String,
}

/// `POST /api/v1/quota-requests`: 201 with what was decided at once.
pub async fn request_quota(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<RequestBody>,
) -> Result<Response, Problem> {
    let RequestBody { cluster, namespace, resources, until, reason } = body.value;
    let wanted = LeaseRequest { cluster, namespace, resources: whole(&resources)?, until, reason };
    let id = leases::request(&seen.viewer, &state.db, &wanted).await?;
    let view = leases::find(&seen.viewer, &state.db, id).await?;
    Ok((StatusCode::CREATED, [("location", format!("/api/v1/quota-requests/{id}"))], Json(view)).into_response())
}

/// A text, a fraction and a negative number are told where they stand.
fn whole(resources: &BTreeMap<String, Value>) -> Result<BTreeMap<String, u32>, Error> {
    let (mut amounts, mut errors) = (BTreeMap::new(), Vec::new());
    for (resource, amount) in resources {
        match amount.as_u64().and_then(|amount| u32::try_from(amount).ok()) {
            Some(amount) => drop(amounts.insert(resource.clone(), amount)),
            None => {
                let place = pointer(["resources", resource]);
                errors.push(FieldError::new(place, "Write a whole number from 1 to 10000, without quotation marks."));
            }
        }
    }
    if errors.is_empty() { Ok(amounts) } else { Err(Error::Invalid(errors)) }
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct ListQuery {
    state: Option<String>,
    cursor: Option<Uuid>,
}

const PAGE: i64 = 50;
const STATES: [&str; 5] = ["pending", "granted", "denied", "withdrawn", "expired"];

/// `GET /api/v1/quota-requests?state`: newest first.
pub async fn list_quota_requests(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, Problem> {
    if query.state.as_deref().is_some_and(|word| !STATES.contains(&word)) {
        let error = FieldError::new("/state", format!("Choose one of {}.", STATES.join(", ")));
        return Err(Error::Invalid(vec![error]).into());
    }
    let filter = LeaseFilter { state: query.state, after: query.cursor, limit: PAGE, ..LeaseFilter::default() };
    let items = leases::list(&seen.viewer, &state.db, &filter).await?;
    let next = (items.len() as i64 == PAGE).then(|| items.last().map(|request| request.id)).flatten();
    Ok(Json(json!({ "items": items, "next_cursor": next })))
}

/// `GET /api/v1/quota-requests/{id}`
pub async fn find_quota_request(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(request): IdPath,
) -> Result<Json<LeaseView>, Problem> {
    Ok(Json(leases::find(&seen.viewer, &state.db, request).await?))
}

/// `POST /api/v1/quota-requests/{id}/approve`
pub async fn approve_quota_request(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(request): IdPath,
) -> Result<Json<LeaseView>, Problem> {
    leases::decide(&seen.viewer, &state.db, request, &Decision::Approve).await?;
    Ok(Json(leases::find(&seen.viewer, &state.db, request).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DenyBody {
    reason: String,
}

/// `POST /api/v1/quota-requests/{id}/deny` `{reason}`
pub async fn deny_quota_request(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(request): IdPath,
    body: JsonBody<DenyBody>,
) -> Result<Json<LeaseView>, Problem> {
    leases::decide(&seen.viewer, &state.db, request, &Decision::Deny(body.value.reason)).await?;
    Ok(Json(leases::find(&seen.viewer, &state.db, request).await?))
}

/// `POST /api/v1/quota-requests/{id}/withdraw`
pub async fn withdraw_quota_request(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(request): IdPath,
) -> Result<Json<LeaseView>, Problem> {
    leases::withdraw(&seen.viewer, &state.db, request).await?;
    Ok(Json(leases::find(&seen.viewer, &state.db, request).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_are_amounts() {
        let of = |amount: Value| whole(&BTreeMap::from([("nvidia.com/gpu".to_owned(), amount)]));
        assert_eq!(of(json!(2)).unwrap()["nvidia.com/gpu"], 2);
        for bad in [json!("2"), json!(1.5), json!(-1), json!(null), json!(u64::MAX), json!([1])] {
            let Err(Error::Invalid(errors)) = of(bad.clone()) else { panic!("{bad} was taken") };
            assert_eq!(errors[0].pointer, "/resources/nvidia.com~1gpu");
        }
    }
}
