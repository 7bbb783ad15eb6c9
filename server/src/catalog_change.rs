//! What people do to entities in their pages.

use app::pages::catalog::{ACTION, DISCARD, SEEN};
use axum::{
    Extension, Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    Db, Error,
    access::LeftForm,
    catalog::{self, changing, living},
};
use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        edit::{self, Fields},
    },
    error::ErrorKind,
    links,
};
use serde::Deserialize;

use crate::{
    api::{EntityPath, IdPath},
    auth::SignedIn,
    edge::Problem,
    state::AppState,
};

/// `POST /catalog/{kind}/{namespace}/{name}/edit`: leads to the change. What cannot be taken comes back with the form.
pub async fn edit(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    EntityPath(reference): EntityPath,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (viewer, db) = (&seen.viewer, &state.db);
    let of = |name: &str| sent.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    let form = links::entity_edit(&reference);
    if of(ACTION) == DISCARD {
        changing::discard_change_draft(viewer, db, &reference).await?;
        return Ok(Redirect::to(&form).into_response());
    }
    let Ok(shown) = serde_json::from_str::<Fields>(of(SEEN)) else {
        let problem =
            Problem::of(ErrorKind::Invalid).with_detail("This was not sent by the form. Open it, then send it.");
        return Err(problem.with_way_back(form, "Open the form"));
    };
    match changing::request_change(viewer, db, &reference, &edit::Form::read(&sent), &shown).await {
        Ok(change) => Ok(Redirect::to(&links::catalog_change(change)).into_response()),
        Err(Error::Invalid(_) | Error::Conflict { code: "entity_moved", .. }) => {
            Ok(Redirect::to(&form).into_response())
        }
        Err(other) => Err(Problem::from(other).with_way_back(form, "Go back to the form")),
    }
}

/// What somebody had typed into the form before signing in becomes the draft, unless it was to be thrown away.
pub(crate) async fn keep_left(viewer: &Viewer, db: &Db, left: &LeftForm) -> backend::Result<()> {
    let Some(reference) = form_of(&left.page) else { return Ok(()) };
    let seen = left.typed.get(SEEN).and_then(|seen| serde_json::from_str::<Fields>(seen).ok());
    let Some(seen) = seen.filter(|_| left.typed.get(ACTION) != Some(DISCARD)) else { return Ok(()) };
    let form = edit::Form::read(left.typed.pairs());
    match changing::save_change_draft(viewer, db, &reference, &form, &seen).await {
        Err(Error::NotFound) => Ok(()),
        other => other,
    }
}

/// The entity whose form has this address.
fn form_of(page: &str) -> Option<EntityRef> {
    let mut parts = page.strip_prefix("/catalog/")?.strip_suffix("/edit")?.split('/');
    let reference = EntityRef::new(parts.next()?, parts.next()?, parts.next()?).ok()?;
    parts.next().is_none().then_some(reference)
}

/// `POST /catalog/{kind}/{namespace}/{name}/remove`: leads to what was taken out.
pub async fn remove(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    EntityPath(reference): EntityPath,
) -> Result<Response, Problem> {
    catalog::remove(&seen.viewer, &state.db, &reference).await?;
    Ok(Redirect::to(links::CATALOG_REMOVED).into_response())
}

/// `POST /catalog/removed/{id}/restore`: leads to what was put back.
pub async fn restore(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(id): IdPath,
) -> Result<Response, Problem> {
    let reference = catalog::restore(&seen.viewer, &state.db, id).await?;
    Ok(Redirect::to(&links::entity(&reference)).into_response())
}

#[derive(Debug, Deserialize)]
pub struct AdoptForm {
    owner: String,
}

/// `POST /catalog/{kind}/{namespace}/{name}/adopt`: the owner that the list proposed, or let the platform team choose.
pub async fn adopt(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    EntityPath(reference): EntityPath,
    Form(form): Form<AdoptForm>,
) -> Result<Response, Problem> {
    let owner = chosen(&form.owner)?;
    match changing::adopt(&seen.viewer, &state.db, &reference, &owner).await {
        Ok(change) => Ok(Redirect::to(&links::catalog_change(change)).into_response()),
        Err(other) => {
            Err(Problem::from(other).with_way_back(links::CATALOG_UNOWNED.to_owned(), "See what nobody owns"))
        }
    }
}

fn chosen(owner: &str) -> Result<EntityRef, Problem> {
    owner.parse().map_err(|_| {
        let problem = Problem::of(ErrorKind::Invalid).with_detail("Choose the team that owns it, then adopt it.");
        problem.with_way_back(links::CATALOG_UNOWNED.to_owned(), "See what nobody owns")
    })
}

#[derive(Debug, Deserialize)]
pub struct RepositoryForm {
    repository: String,
    owner: String,
}

/// `POST /catalog/unowned/repositories/adopt`: leads to the entry that stands for the repository.
pub async fn adopt_repository(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Form(form): Form<RepositoryForm>,
) -> Result<Response, Problem> {
    let owner = chosen(&form.owner)?;
    match living::adopt_repository(&seen.viewer, &state.db, &form.repository, &owner).await {
        Ok(reference) => Ok(Redirect::to(&links::entity(&reference)).into_response()),
        Err(other) => {
            Err(Problem::from(other).with_way_back(links::CATALOG_UNOWNED.to_owned(), "See what nobody owns"))
        }
    }
}
