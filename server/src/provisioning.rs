//! What people ask for and decide on the pages of namespaces.

use axum::{
    Extension, Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    Error,
    provisioning::leases::{self, Decision, LeaseRequest},
};
use domain::{
    links,
    provisioning::{LeaseForm, MAX_REASON},
};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use crate::{
    api::{IdPath, NamespacePath},
    auth::SignedIn,
    clock,
    edge::Problem,
    state::AppState,
};

const PAGE: &str = links::REQUESTS;

/// `POST /provisioning/{cluster}/{namespace}/ask`: leads to the request, or back to the form with all that was typed.
pub async fn ask(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    NamespacePath(cluster, namespace): NamespacePath,
    Form(form): Form<LeaseForm>,
) -> Result<Response, Problem> {
    let back = links::ask(&cluster, &namespace);
    let asked = match form.read(clock::now()) {
        Ok(answers) => {
            let (resources, until, reason) = (answers.resources, answers.until, answers.reason);
            leases::request(&seen.viewer, &state.db, &LeaseRequest { cluster, namespace, resources, until, reason })
                .await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match asked {
        Ok(request) => Ok(Redirect::to(&format!("{PAGE}#{request}")).into_response()),
        Err(Error::Invalid(_)) => Ok(Redirect::to(&format!("{back}?{}", kept(&form))).into_response()),
        Err(error) => Err(Problem::from(error).with_way_back(back, "Back to the form")),
    }
}

/// What was typed, as the form's own page reads it.
fn kept(form: &LeaseForm) -> String {
    let short = |text: &str| text.chars().take(2 * MAX_REASON).collect::<String>();
    Serializer::new(String::new())
        .append_pair("sent", "1")
        .append_pair("resource", &short(&form.resource))
        .append_pair("count", &short(&form.count))
        .append_pair("until", &short(&form.until))
        .append_pair("reason", &short(&form.reason))
        .finish()
}

/// Where a request stands that something is decided about at `path`.
pub fn place_of_request(path: &str) -> String {
    format!("{PAGE}#{}", id_in(path))
}

/// Where the form stands that refuses a request at `path`.
pub fn refusal_of_request(path: &str) -> String {
    format!("{PAGE}?refuse={}", id_in(path))
}

fn id_in(path: &str) -> &str {
    path.rsplit('/').nth(1).unwrap_or_default()
}

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
