//! What people decide on the page of requests for accelerators.

use axum::{
    Extension, Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    Error,
    provisioning::leases::{self, Decision},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{api::IdPath, auth::SignedIn, edge::Problem, state::AppState};

const PAGE: &str = "/provisioning/requests";

#[derive(Debug, Deserialize)]
pub struct DenyForm {
    #[serde(default)]
    reason: String,
}

pub async fn approve_request(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(request): IdPath,
) -> Result<Response, Problem> {
    back(leases::decide(&seen.viewer, &state.db, request, &Decision::Approve).await, request)
}

/// A refusal without a reason leads back to its field.
pub async fn deny_request(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(request): IdPath,
    Form(form): Form<DenyForm>,
) -> Result<Response, Problem> {
    match leases::decide(&seen.viewer, &state.db, request, &Decision::Deny(form.reason)).await {
        Err(Error::Invalid(_)) => {
            Ok(Redirect::to(&format!("{PAGE}?refuse={request}&unexplained=1#{request}")).into_response())
        }
        other => back(other, request),
    }
}

pub async fn withdraw_request(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(request): IdPath,
) -> Result<Response, Problem> {
    back(leases::withdraw(&seen.viewer, &state.db, request).await, request)
}

fn back(outcome: backend::Result<()>, request: Uuid) -> Result<Response, Problem> {
    outcome.map_err(|error| Problem::from(error).with_way_back(PAGE.to_owned(), "Look at the requests"))?;
    Ok(Redirect::to(&format!("{PAGE}#{request}")).into_response())
}
