//! What people do to runs from the page of a run.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::scaffold;
use domain::links;
use uuid::Uuid;

use crate::{api::IdPath, auth::SignedIn, edge::Problem, state::AppState};

pub async fn cancel(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(run): IdPath,
) -> Result<Response, Problem> {
    scaffold::cancel(&seen.viewer, &state.db, run).await?;
    Ok(to_run(run))
}

pub async fn retry(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(run): IdPath,
) -> Result<Response, Problem> {
    scaffold::retry(&seen.viewer, &state.db, run).await?;
    Ok(to_run(run))
}

fn to_run(run: Uuid) -> Response {
    Redirect::to(&links::run(run)).into_response()
}
