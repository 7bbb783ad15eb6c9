//! What people do on the pages of the catalog's imports and sources.

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::{IntoResponse, Redirect, Response},
};
use backend::{
    Error,
    catalog::{
        self, living,
        running::{self, OfferKey},
    },
};
use domain::{catalog::EntityRef, error::ErrorKind, links};
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use crate::{api::IdPath, auth::SignedIn, edge::Problem, state::AppState};

/// Longer than any address that is taken, and short enough for an address itself.
const KEPT_ADDRESS: usize = 1_100;

#[derive(Debug, Deserialize)]
pub struct ImportForm {
    address: String,
}

/// `POST /catalog/import`: leads to the preview. An address that cannot be read comes back with the page.
pub async fn import(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Form(form): Form<ImportForm>,
) -> Result<Response, Problem> {
    match living::request_import(&seen.viewer, &state.db, &form.address).await {
        Ok(import) => Ok(Redirect::to(&links::catalog_import(import)).into_response()),
        Err(Error::Invalid(_)) => {
            let kept: String = form.address.chars().take(KEPT_ADDRESS).collect();
            let query = Serializer::new(String::new()).append_pair("address", &kept).finish();
            Ok(Redirect::to(&format!("{}?{query}", links::CATALOG_IMPORT)).into_response())
        }
        Err(other) => Err(Problem::from(other).with_way_back(links::CATALOG_IMPORT.to_owned(), "Import something")),
    }
}

#[derive(Debug, Deserialize)]
pub struct AcceptForm {
    hash: String,
}

/// `POST /catalog/import/{id}/accept`: takes over the preview that was read, and no other.
pub async fn accept(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(import): IdPath,
    Form(form): Form<AcceptForm>,
) -> Result<Response, Problem> {
    match living::accept(&seen.viewer, &state.db, import, &form.hash).await {
        Ok(source) => Ok(Redirect::to(&format!("{}?imported", links::catalog_source(source))).into_response()),
        Err(other) => Err(Problem::from(other).with_way_back(links::catalog_import(import), "Look at the import")),
    }
}

/// `POST /catalog/import/{id}/again`: the same file as it is now.
pub async fn import_again(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(import): IdPath,
) -> Result<Response, Problem> {
    let fresh = living::request_again(&seen.viewer, &state.db, import).await?;
    Ok(Redirect::to(&links::catalog_import(fresh)).into_response())
}

/// `POST /catalog/sources/{id}/look`
pub async fn look_again(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(source): IdPath,
) -> Result<Response, Problem> {
    living::look_again(&seen.viewer, &state.db, source).await?;
    Ok(Redirect::to(&links::catalog_source(source)).into_response())
}

/// `POST /catalog/sources/{id}/end`: from the page that says what it means.
pub async fn end_source(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(source): IdPath,
) -> Result<Response, Problem> {
    living::end_source(&seen.viewer, &state.db, source).await?;
    Ok(Redirect::to(&links::catalog_source(source)).into_response())
}

/// `POST /catalog/sources/{id}/move`: where the Git host says that the repository is.
pub async fn accept_move(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    IdPath(source): IdPath,
) -> Result<Response, Problem> {
    let kept = living::accept_move(&seen.viewer, &state.db, source).await?;
    Ok(Redirect::to(&links::catalog_source(kept)).into_response())
}

/// One thing that runs, or a namespace where `what` is empty.
#[derive(Debug, Deserialize)]
pub struct AdoptForm {
    cluster: String,
    namespace: String,
    what: String,
    owner: String,
}

/// `POST /catalog/unowned/adopt`: leads to the entity that stands for it.
pub async fn adopt(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Form(form): Form<AdoptForm>,
) -> Result<Response, Problem> {
    let owner: EntityRef = form.owner.parse().map_err(|_| {
        let problem = Problem::of(ErrorKind::Invalid).with_detail("Choose the team that owns it, then adopt it.");
        problem.with_way_back(links::CATALOG_UNOWNED.to_owned(), "See what nobody owns")
    })?;
    let what = Some(form.what).filter(|what| !what.is_empty());
    let key = OfferKey { cluster: form.cluster, namespace: form.namespace, what };
    match running::adopt(&seen.viewer, &state.db, &key, &owner).await {
        Ok(reference) => Ok(Redirect::to(&links::entity(&reference)).into_response()),
        Err(other) => {
            Err(Problem::from(other).with_way_back(links::CATALOG_UNOWNED.to_owned(), "See what nobody owns"))
        }
    }
}

/// Of images that people push: whatever a browser takes them for, nothing in them runs or loads.
const IMAGE_POLICY: &str = "default-src 'none'; sandbox";

/// `GET /catalog/{kind}/{namespace}/{name}/docs-images/{hash}`
pub async fn docs_image(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Path((kind, namespace, name, hash)): Path<(String, String, String, String)>,
) -> Result<Response, Problem> {
    let reference = EntityRef::new(&kind, &namespace, &name).map_err(|_| Error::NotFound)?;
    let image = catalog::docs_image(&seen.viewer, &state.db, &reference, &hash).await?;
    let headers = [(CONTENT_TYPE, image.kind), (CONTENT_SECURITY_POLICY, IMAGE_POLICY.to_owned())];
    Ok((headers, image.bytes).into_response())
}
