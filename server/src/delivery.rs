//! What people do on the pages of delivery.

use axum::{
    Extension, Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    Error,
    delivery::{self, ChangeRequest},
};
use domain::{
    delivery::ChangeKind,
    error::{ErrorKind, FieldError},
    links,
};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use crate::{
    api::{IdPath, NamespacePath},
    auth::SignedIn,
    edge::Problem,
    state::AppState,
};

/// Longer than any reason that is taken, and short enough for an address.
const KEPT_REASON: usize = 700;

/// The fields of every form that asks for a change, in the order in which they were sent.
type Fields = Vec<(String, String)>;

/// `POST /delivery/changes`: leads to the page that shows what would be changed.
pub async fn request(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let wanted = wanted(&fields).map_err(told)?;
    let change = delivery::request(&seen.viewer, &state.db, &wanted).await.map_err(told)?;
    Ok(to_change(change))
}

pub async fn confirm(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
) -> Result<Response, Problem> {
    delivery::confirm(&seen.viewer, &state.db, change).await?;
    Ok(to_change(change))
}

pub async fn approve(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
) -> Result<Response, Problem> {
    delivery::approve(&seen.viewer, &state.db, change).await?;
    Ok(to_change(change))
}

pub async fn withdraw(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
) -> Result<Response, Problem> {
    delivery::withdraw(&seen.viewer, &state.db, change).await?;
    Ok(to_change(change))
}

#[derive(Debug, Deserialize)]
pub struct DenyForm {
    reason: String,
}

/// A reason that cannot be taken comes back with the page.
pub async fn deny(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(change): IdPath,
    Form(form): Form<DenyForm>,
) -> Result<Response, Problem> {
    match delivery::deny(&seen.viewer, &state.db, change, &form.reason).await {
        Ok(()) => Ok(to_change(change)),
        Err(Error::Invalid(_)) => {
            let kept: String = form.reason.chars().take(KEPT_REASON).collect();
            let query = Serializer::new(String::new()).append_pair("reason", &kept).finish();
            Ok(Redirect::to(&format!("{}?{query}", links::change(change))).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /provisioning/{cluster}/{namespace}/kubeconfig`
pub async fn kubeconfig(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    NamespacePath(cluster, namespace): NamespacePath,
) -> Result<Response, Problem> {
    let text =
        delivery::kubeconfig(&seen.viewer, &state.db, state.kubectl_login.as_deref(), &cluster, &namespace).await?;
    let disposition = format!("attachment; filename=\"{namespace}.kubeconfig\"");
    Ok(([(CONTENT_TYPE, "application/yaml".to_owned()), (CONTENT_DISPOSITION, disposition)], text).into_response())
}

fn wanted(fields: &Fields) -> Result<ChangeRequest, Error> {
    let of =
        |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default();
    match of("kind").parse() {
        Ok(ChangeKind::Promote) => {
            Ok(ChangeRequest::Promote { cluster: of("cluster"), from: of("from"), to: of("namespace") })
        }
        Ok(ChangeKind::RollBack) => {
            // Each environment's field has a name of its own.
            let commit = fields.iter().find(|(key, _)| key.starts_with("commit"));
            let commit = commit.map(|(_, value)| value.clone()).unwrap_or_default();
            Ok(ChangeRequest::RollBack { cluster: of("cluster"), namespace: of("namespace"), commit })
        }
        Ok(ChangeKind::Release) => Ok(ChangeRequest::Release { cluster: of("cluster"), namespace: of("namespace") }),
        Err(_) => Err(Error::Invalid(vec![FieldError::new("/kind", "Choose to promote, to roll back or to release.")])),
    }
}

/// These forms hold choices alone, so the sentence of the field is all there is to say.
fn told(error: Error) -> Problem {
    match error {
        Error::Invalid(fields) => {
            let sentences: Vec<String> = fields.into_iter().map(|field| field.message).collect();
            Problem::of(ErrorKind::Invalid).with_detail(sentences.join(" "))
        }
        other => other.into(),
    }
}

fn to_change(change: Uuid) -> Response {
    Redirect::to(&links::change(change)).into_response()
}
