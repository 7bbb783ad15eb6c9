//! `/api/catalog/locations`

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use backend::catalog::query::{Location, location, location_of, locations};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    catalog::query::{Predicate, predicate},
    error::ErrorKind,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    address::number,
    entities::{Named, reference},
    fault,
};
use crate::{api::JsonBody, auth::SignedIn, edge::Problem, state::AppState};

/// What a page holds when nobody says how much, and at most.
const PAGE: usize = 1_000;

/// `GET /api/catalog/locations`: each under the key `data`.
pub async fn list_locations(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
) -> Result<Json<Value>, Problem> {
    let all = locations(&seen.viewer, &state.db).await?;
    Ok(Json(all.into_iter().map(|location| json!({ "data": location })).collect()))
}

/// `GET /api/catalog/locations/{id}`
pub async fn find_location(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    Path(id): Path<String>,
) -> Result<Json<Location>, Problem> {
    let id: Uuid = id.parse().map_err(|_| Problem::of(ErrorKind::NotFound))?;
    Ok(Json(location(&seen.viewer, &state.db, id).await?))
}

/// `GET /api/catalog/locations/by-entity/{kind}/{namespace}/{name}`
pub async fn location_by_entity(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    path: Named,
) -> Result<Json<Location>, Problem> {
    Ok(Json(location_of(&seen.viewer, &state.db, &reference(path)?).await?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocationsBody {
    cursor: Option<String>,
    limit: Option<i64>,
    query: Option<Value>,
}

/// Where a page begins, with what the first one was asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    limit: usize,
    query: Option<Value>,
    after: Uuid,
}

/// `POST /api/catalog/locations/by-query`: a page of those that a predicate over `id`, `type` and `target` holds of.
pub async fn locations_by_query(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<LocationsBody>,
) -> Result<Json<Value>, Problem> {
    let (limit, query, after) = asked(body.value)?;
    let holds = query.as_ref().map(predicate).transpose().map_err(|message| fault("query", message))?;
    let mut found = locations(&seen.viewer, &state.db).await?;
    found.retain(|location| holds.as_ref().is_none_or(|predicate| is_meant(location, predicate)));
    let total = found.len();
    found.retain(|location| after.is_none_or(|after| location.id > after));
    let is_more = found.len() > limit;
    found.truncate(limit);
    let mut info = json!({});
    if let Some(last) = found.last().filter(|_| is_more) {
        let cursor = Cursor { limit, query, after: last.id };
        info["nextCursor"] = json!(STANDARD.encode(json!(cursor).to_string()));
    }
    Ok(Json(json!({ "items": found, "totalItems": total, "pageInfo": info })))
}

fn is_meant(location: &Location, predicate: &Predicate) -> bool {
    let id = location.id.to_string();
    predicate.holds(&|path: &str| match path {
        "id" => Some(id.as_str()),
        "type" => Some(location.r#type.as_str()),
        "target" => Some(location.target.as_str()),
        _ => None,
    })
}

fn asked(body: LocationsBody) -> Result<(usize, Option<Value>, Option<Uuid>), Problem> {
    if let Some(text) = body.cursor {
        let read = STANDARD.decode(text).ok().and_then(|bytes| serde_json::from_slice::<Cursor>(&bytes).ok());
        let cursor = read.filter(|cursor| (1..=PAGE).contains(&cursor.limit));
        let Cursor { limit, query, after } =
            cursor.ok_or_else(|| fault("cursor", "This is not where a page begins. Ask again without it."))?;
        return Ok((limit, query, Some(after)));
    }
    let limit = body.limit.map(|limit| number("limit", Some(limit))).transpose()?;
    match limit.map(usize::try_from) {
        None => Ok((PAGE, body.query, None)),
        Some(Ok(limit)) if limit > 0 => Ok((limit.min(PAGE), body.query, None)),
        Some(_) => Err(fault("limit", "Write a whole number from 1.")),
    }
}
