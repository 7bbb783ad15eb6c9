//! `/api/catalog/entity-facets`

use axum::{Extension, Json, extract::State, response::Response};
use backend::catalog::query::values_at;
use domain::catalog::query::Predicate;
use http::Uri;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{address::Address, fault, search::both, written::answered};
use crate::{api::JsonBody, auth::SignedIn, edge::Problem, state::AppState};

const MOST: usize = 50;

/// `GET /api/catalog/entity-facets?facet&filter`
pub async fn facets(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    uri: Uri,
    address: Address,
) -> Result<Response, Problem> {
    let filter: Vec<String> = address.all("filter").map(str::to_owned).collect();
    let wanted = address.all("facet").map(str::to_owned).collect();
    let predicate = both(&filter, None)?;
    let counted = async { Ok(answer(&state, &seen, wanted, &predicate).await?.into()) };
    answered(&state, &seen, &uri, counted).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacetsBody {
    facets: Vec<String>,
    query: Option<Value>,
}

/// `POST /api/catalog/entity-facets`, with a predicate as its `query`.
pub async fn post_facets(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<FacetsBody>,
) -> Result<Json<Value>, Problem> {
    let FacetsBody { facets, query } = body.value;
    Ok(Json(answer(&state, &seen, facets, &both(&[], query.as_ref())?).await?))
}

/// Under the names that were asked for, capitals included.
async fn answer(
    state: &AppState,
    seen: &SignedIn,
    mut wanted: Vec<String>,
    predicate: &Predicate,
) -> Result<Value, Problem> {
    wanted.retain(|facet| !facet.is_empty());
    if wanted.is_empty() || wanted.len() > MOST {
        return Err(fault("facet", format!("Name 1 to {MOST} fields to count by, such as kind.")));
    }
    let mut paths: Vec<String> = wanted.iter().map(|facet| facet.to_lowercase()).collect();
    paths.sort();
    paths.dedup();
    let found = values_at(&seen.viewer, &state.db, predicate, &paths).await?;
    let counted = |facet: String| {
        let values = found.get(&facet.to_lowercase()).into_iter().flatten();
        let values: Vec<Value> = values.map(|(value, count)| json!({ "value": value, "count": count })).collect();
        (facet, json!(values))
    };
    Ok(json!({ "facets": wanted.into_iter().map(counted).collect::<Map<String, Value>>() }))
}
