//! `/api/catalog/entities/by-query`

use axum::{Extension, Json, extract::State, response::Response};
use backend::catalog::query::{count, page};
use http::Uri;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    address::{Address, Fields, number},
    fault,
    search::{Place, Search},
    written::answered,
};
use crate::{api::JsonBody, auth::SignedIn, edge::Problem, state::AppState};

/// What a page holds when nobody says how much.
const PAGE: i64 = 20;
/// What it holds at most; a cursor leads to the rest.
pub(super) const MOST: i64 = 1_000;

/// `GET /api/catalog/entities/by-query?filter&fields&orderField&fullTextFilterTerm&fullTextFilterFields&limit&offset&cursor`
pub async fn by_query(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    uri: Uri,
    address: Address,
) -> Result<Response, Problem> {
    let search = match address.first("cursor") {
        Some(text) => Search::of_cursor(text)?,
        None => Search::of_address(&address),
    };
    let wish = Wish {
        limit: address.number("limit")?,
        offset: address.number("offset")?,
        fields: Fields::of(address.listed("fields"))?,
        is_counted: is_counted(address.first("totalItems"))?,
    };
    answered(&state, &seen, &uri, async { Ok(answer(&state, &seen, &search, &wish).await?.into()) }).await
}

/// The same, posted.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QueryBody {
    cursor: Option<String>,
    query: Option<Value>,
    limit: Option<i64>,
    offset: Option<i64>,
    order_by: Option<Vec<OrderBody>>,
    full_text_filter: Option<WordsBody>,
    fields: Option<Vec<String>>,
    total_items: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderBody {
    field: String,
    order: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsBody {
    term: Option<String>,
    fields: Option<Vec<String>>,
}

/// `POST /api/catalog/entities/by-query`, with a predicate as its `query`.
pub async fn post_by_query(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    body: JsonBody<QueryBody>,
) -> Result<Json<Value>, Problem> {
    let body = body.value;
    let wish = Wish {
        limit: body.limit.map(|limit| number("limit", Some(limit))).transpose()?,
        offset: body.offset.map(|offset| number("offset", Some(offset))).transpose()?,
        fields: Fields::of(body.fields.unwrap_or_default())?,
        is_counted: is_counted(body.total_items.as_deref())?,
    };
    let search = match body.cursor {
        Some(text) => Search::of_cursor(&text)?,
        None => Search {
            query: body.query,
            order: body.order_by.into_iter().flatten().map(|by| (by.field, by.order)).collect(),
            words: body
                .full_text_filter
                .map(|words| (words.term.unwrap_or_default(), words.fields.unwrap_or_default())),
            ..Search::default()
        },
    };
    Ok(Json(answer(&state, &seen, &search, &wish).await?))
}

/// How much is wanted, and of what.
struct Wish {
    limit: Option<i64>,
    offset: Option<i64>,
    fields: Fields,
    is_counted: bool,
}

fn is_counted(mode: Option<&str>) -> Result<bool, Problem> {
    match mode {
        None | Some("include") => Ok(true),
        Some("exclude") => Ok(false),
        Some(_) => Err(fault("totalItems", "Write include or exclude.")),
    }
}

async fn answer(state: &AppState, seen: &SignedIn, search: &Search, wish: &Wish) -> Result<Value, Problem> {
    let query = search.read()?;
    let total = match &search.place {
        Some(place) => place.total,
        None if wish.is_counted => count(&seen.viewer, &state.db, &query).await?,
        // As the format has it: what is not counted is 0.
        None => 0,
    };
    let start = search.start(wish.offset.unwrap_or(0));
    let limit = wish.limit.unwrap_or(PAGE).min(MOST);
    let found = page(&seen.viewer, &state.db, &query, &start, limit, wish.fields.parts()).await?;
    let mut info = json!({});
    for (key, position, is_previous) in [("nextCursor", found.next, false), ("prevCursor", found.previous, true)] {
        if let Some(at) = position {
            info[key] = json!(search.cursor(Place { at, is_previous, total }));
        }
    }
    let items: Vec<Value> = found.items.into_iter().map(|entity| wish.fields.narrow(entity)).collect();
    Ok(json!({ "items": items, "totalItems": total, "pageInfo": info }))
}
