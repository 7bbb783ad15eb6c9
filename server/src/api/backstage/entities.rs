//! Entities by their names.

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use backend::catalog::query::{Parts, ancestry as query_ancestry, by_references, by_uid as find_by_uid};
use domain::{
    catalog::{EntityRef, query::Predicate},
    error::ErrorKind,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    address::{Address, Fields},
    search::both,
};
use crate::{api::JsonBody, auth::SignedIn, edge::Problem, state::AppState};

/// Kind, namespace and name in an address.
pub(super) type Named = Path<(String, String, String)>;

/// `GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}`
pub async fn by_name(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    path: Named,
) -> Result<Json<Value>, Problem> {
    Ok(Json(one(&state, &seen, reference(path)?).await?))
}

/// `GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry`: the locations that brought the entity here. Sources
/// are no entities, so that what was imported by itself has none.
pub async fn ancestry(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    path: Named,
) -> Result<Json<Value>, Problem> {
    let reference = reference(path)?;
    let found = query_ancestry(&seen.viewer, &state.db, &reference).await?;
    let asked: Vec<Option<EntityRef>> = found.iter().map(|one| Some(one.reference.clone())).collect();
    let entities = by_references(&seen.viewer, &state.db, &asked, &Predicate::everything(), Parts::ALL).await?;
    let items = entities
        .into_iter()
        .zip(found)
        .filter_map(|(entity, found)| Some(json!({ "entity": entity?, "parentEntityRefs": found.parents })));
    let items: Vec<Value> = items.collect();
    Ok(Json(json!({ "rootEntityRef": reference, "items": items })))
}

/// `GET /api/catalog/entities/by-uid/{uid}`
pub async fn by_uid(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Path(uid): Path<String>,
) -> Result<Json<Value>, Problem> {
    let missing = || Problem::of(ErrorKind::NotFound);
    let uid: Uuid = uid.parse().map_err(|_| missing())?;
    find_by_uid(&seen.viewer, &state.db, uid).await?.map(Json).ok_or_else(missing)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefsBody {
    entity_refs: Vec<String>,
    fields: Option<Vec<String>>,
    query: Option<Value>,
}

/// `POST /api/catalog/entities/by-refs?filter`: in the order of the references, null for each that is not there. What cannot
/// be a reference is as missing as one that nobody has.
pub async fn by_refs(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    address: Address,
    body: JsonBody<RefsBody>,
) -> Result<Json<Value>, Problem> {
    let RefsBody { entity_refs, fields, query } = body.value;
    let filter: Vec<String> = address.all("filter").map(str::to_owned).collect();
    let predicate = both(&filter, query.as_ref())?;
    let named = address.listed("fields").into_iter().chain(fields.unwrap_or_default()).collect();
    let fields = Fields::of(named)?;
    let references: Vec<Option<EntityRef>> =
        entity_refs.iter().map(|text| EntityRef::relative(text, None, "default").ok()).collect();
    let found = by_references(&seen.viewer, &state.db, &references, &predicate, fields.parts()).await?;
    let items: Vec<Option<Value>> =
        found.into_iter().map(|entity| entity.map(|entity| fields.narrow(entity))).collect();
    Ok(Json(json!({ "items": items })))
}

/// What cannot be a name is as missing as one that nobody has.
pub(super) fn reference(Path((kind, namespace, name)): Named) -> Result<EntityRef, Problem> {
    EntityRef::new(&kind, &namespace, &name).map_err(|_| Problem::of(ErrorKind::NotFound))
}

pub(super) async fn one(state: &AppState, seen: &SignedIn, reference: EntityRef) -> Result<Value, Problem> {
    let references = [Some(reference)];
    let found = by_references(&seen.viewer, &state.db, &references, &Predicate::everything(), Parts::ALL).await?;
    found.into_iter().flatten().next().ok_or_else(|| Problem::of(ErrorKind::NotFound))
}
