//! What people do in the form of a golden path, and with the plan that it leads to.

use app::pages::golden_paths::FORM_ACTION;
use axum::{
    Extension, Form,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    Db, Error, golden_paths,
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
use tower_cookies::Cookies;
use uuid::Uuid;

use crate::{
    api::{NamePath, PlanPath},
    auth::{SignedIn, mark_input},
    edge::Problem,
    state::AppState,
};

/// `POST /golden-paths/{name}/new`: everything that was typed is kept first, whatever becomes of it.
pub async fn answer(
    State(state): State<AppState>,
    cookies: Cookies,
    seen: Option<Extension<SignedIn>>,
    NamePath(name): NamePath,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let (action, typed) = read(&headers, &body)?;
    let form = links::golden_path_form(&name);
    let Some(Extension(seen)) = seen else {
        return sign_in_first(&state, &cookies, &name, &typed, &form).await;
    };
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

/// The session has ended meanwhile. The input waits, and whoever signs in at this browser finds it in the form.
async fn sign_in_first(
    state: &AppState,
    cookies: &Cookies,
    name: &str,
    typed: &Typed,
    form: &str,
) -> Result<Response, Problem> {
    let token = mark_input(cookies, &state.public_url);
    if !golden_paths::park(&state.db, &token, name, typed).await? {
        let detail = "You are not signed in, and what you typed could not be kept. Sign in in another tab, then go back \
                      here in your browser and send it again.";
        return Err(Problem::of(ErrorKind::Unauthenticated).with_detail(detail));
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", form).finish();
    Ok(Redirect::to(&format!("/login?{query}")).into_response())
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
