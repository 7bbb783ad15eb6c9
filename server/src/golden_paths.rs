//! What people do in the form of a golden path, and with the plan that it leads to.

use app::pages::golden_paths::FORM_ACTION;
use axum::{
    Extension, Form,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    Db, Error,
    access::LeftForm,
    golden_paths,
    scaffold::{self, Acceptance, PlanView},
};
use domain::{
    access::Viewer,
    error::ErrorKind,
    golden_paths::form::{self, Typed, check},
    links,
    scaffold::PlanState,
};
use http::{HeaderMap, header::CONTENT_TYPE};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    api::{NamePath, PlanPath},
    auth::SignedIn,
    edge::Problem,
    state::AppState,
};

/// `POST /golden-paths/{name}/new`: everything that was typed is kept first, whatever becomes of it.
pub async fn answer(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    NamePath(name): NamePath,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let (action, typed) = read(&headers, &body)?;
    let form = links::golden_path_form(&name);
    let (viewer, db) = (&seen.viewer, &state.db);
    let template = golden_paths::template(viewer, db, &name).await?;
    if action == "discard" {
        golden_paths::discard_draft(viewer, db, &name).await?;
        return Ok(Redirect::to(&form).into_response());
    }
    golden_paths::save_draft(viewer, db, &name, &typed, &[]).await?;
    if action == "save" {
        return Ok(Redirect::to(&form).into_response());
    }
    let asked = match check(&template, &typed) {
        Ok(parameters) => scaffold::request_plan(viewer, db, &name, &parameters).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match asked {
        Ok(plan) => Ok(to_plan(&name, plan)),
        Err(Error::Invalid(errors)) => {
            golden_paths::save_draft(viewer, db, &name, &typed, &errors).await?;
            Ok(Redirect::to(&form).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Debug, Deserialize)]
pub struct CreateForm {
    hash: String,
}

/// `POST /golden-paths/{name}/plans/{id}/create`: applies the plan that was read, and no other.
pub async fn create(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    PlanPath(name, plan): PlanPath,
    Form(form): Form<CreateForm>,
) -> Result<Response, Problem> {
    let (viewer, db) = (&seen.viewer, &state.db);
    of_path(scaffold::find_plan(viewer, db, plan).await?, &name)?;
    let accepted = scaffold::accept(viewer, db, &Acceptance { plan, hash: form.hash }).await;
    match accepted {
        Ok(run) => {
            golden_paths::discard_draft(viewer, db, &name).await?;
            Ok(Redirect::to(&links::run(run)).into_response())
        }
        // The page of the plan says what has moved and offers to plan again.
        Err(Error::Conflict { code: "plan_stale", .. }) if is_stale(viewer, db, plan).await? => {
            Ok(to_plan(&name, plan))
        }
        Err(other) => Err(Problem::from(other).with_way_back(links::plan(&name, plan), "Look at the plan")),
    }
}

/// `POST /golden-paths/{name}/plans/{id}/again`: the same input against the world as it is now.
pub async fn plan_again(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    PlanPath(name, plan): PlanPath,
) -> Result<Response, Problem> {
    let (viewer, db) = (&seen.viewer, &state.db);
    let plan = of_path(scaffold::find_plan(viewer, db, plan).await?, &name)?;
    match scaffold::request_plan(viewer, db, &name, &plan.parameters).await {
        Ok(fresh) => Ok(to_plan(&name, fresh)),
        Err(Error::Invalid(errors)) => {
            let template = golden_paths::template(viewer, db, &name).await?;
            let typed = form::Form::of(&template).typed(&plan.parameters);
            golden_paths::save_draft(viewer, db, &name, &typed, &errors).await?;
            Ok(Redirect::to(&links::golden_path_form(&name)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// A plan is found under its own path alone.
fn of_path(plan: PlanView, name: &str) -> Result<PlanView, Problem> {
    if plan.golden_path == name { Ok(plan) } else { Err(Problem::of(ErrorKind::NotFound)) }
}

async fn is_stale(viewer: &Viewer, db: &Db, plan: Uuid) -> Result<bool, Problem> {
    Ok(scaffold::find_plan(viewer, db, plan).await?.state == PlanState::Stale)
}

fn to_plan(name: &str, plan: Uuid) -> Response {
    Redirect::to(&links::plan(name, plan)).into_response()
}

/// What somebody had typed into the form before signing in becomes the draft, unless it was to be thrown away.
pub(crate) async fn keep_left(viewer: &Viewer, db: &Db, left: &LeftForm) -> backend::Result<()> {
    let form = left.page.strip_prefix("/golden-paths/").and_then(|rest| rest.strip_suffix("/new"));
    let Some(name) = form.filter(|_| left.typed.get(FORM_ACTION) != Some("discard")) else { return Ok(()) };
    let typed = left.typed.pairs().iter().filter(|(field, _)| field != FORM_ACTION).cloned().collect();
    match golden_paths::save_draft(viewer, db, name, &Typed::new(typed), &[]).await {
        Err(Error::NotFound) => Ok(()),
        other => other,
    }
}

/// The button that was pressed, and all fields as they were sent.
fn read(headers: &HeaderMap, body: &Bytes) -> Result<(String, Typed), Problem> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/x-www-form-urlencoded") {
        return Err(Problem::of(ErrorKind::UnsupportedMediaType));
    }
    let (actions, fields): (Vec<_>, Vec<_>) =
        url::form_urlencoded::parse(body).into_owned().partition(|(name, _)| name == FORM_ACTION);
    let action = actions.into_iter().next().map(|(_, value)| value).unwrap_or_default();
    Ok((action, Typed::new(fields)))
}
