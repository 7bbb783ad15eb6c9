//! `/api/catalog/entities`

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use backend::{
    Error,
    catalog::query::{EntityPage, EntityQuery, Start, page},
};
use domain::catalog::query::Order;
use futures::{StreamExt, stream};
use http::{Uri, header::CONTENT_TYPE};
use serde_json::Value;
use url::form_urlencoded;

use super::{
    address::{Address, Fields},
    by_query::MOST,
    fault,
    search::{Place, Search, both},
    written::{Written, answered},
};
use crate::{auth::SignedIn, edge::Problem, state::AppState};

/// How many entities of a whole catalog are in memory at a time.
const CHUNK: i64 = 500;

/// `GET /api/catalog/entities?filter&fields&order&offset&limit&after`: a list without an envelope. Without a limit it is all
/// that there is; with one, a header of the kind `Link` leads to the rest.
pub async fn list(
    State(state): State<AppState>,
    Extension(seen): Extension<SignedIn>,
    uri: Uri,
    address: Address,
) -> Result<Response, Problem> {
    let filter: Vec<String> = address.all("filter").map(str::to_owned).collect();
    let order = Order::of_prefixed(address.all("order")).map_err(|message| fault("order", message))?;
    let query = EntityQuery { predicate: both(&filter, None)?, words: None, order };
    let limit = address.number("limit")?;
    if limit == Some(0) {
        return Err(fault("limit", "Write a whole number from 1."));
    }
    let start = match address.first("after") {
        Some(text) => Search::of_cursor(text)?.start(0),
        None => Start::Offset(address.number("offset")?.unwrap_or(0)),
    };
    let source = Listing { state, seen, query, fields: Fields::of(address.listed("fields"))? };
    let Some(limit) = limit else {
        let first = source.page(&start, CHUNK).await?;
        return Ok(everything(source, first));
    };
    let page = async { Ok(one_page(&source, &address, source.page(&start, limit.min(MOST)).await?)) };
    answered(&source.state, &source.seen, &uri, page).await
}

struct Listing {
    state: AppState,
    seen: SignedIn,
    query: EntityQuery,
    fields: Fields,
}

impl Listing {
    async fn page(&self, start: &Start, limit: i64) -> Result<EntityPage, Error> {
        page(&self.seen.viewer, &self.state.db, &self.query, start, limit, self.fields.parts()).await
    }

    /// The entities with commas between them.
    fn written(&self, items: Vec<Value>) -> String {
        let texts = items.into_iter().map(|entity| self.fields.narrow(entity).to_string());
        texts.collect::<Vec<_>>().join(",")
    }
}

fn one_page(source: &Listing, address: &Address, page: EntityPage) -> Written {
    let link = page.next.and_then(|at| {
        let cursor = Search::default().cursor(Place { at, is_previous: false, total: 0 });
        let kept = ["filter", "fields", "order", "limit"];
        let kept = kept.into_iter().flat_map(|key| address.all(key).map(move |value| (key, value)));
        let query =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("after", &cursor).finish();
        format!("</api/catalog/entities?{query}>; rel=\"next\"").parse().ok()
    });
    Written { text: format!("[{}]", source.written(page.items)).into(), link }
}

/// The answer begins with the first page; the others are read when the client has taken what came before.
fn everything(source: Listing, first: EntityPage) -> Response {
    let next = first.next.map(Start::After);
    let opening = format!("[{}", source.written(first.items));
    let rest = stream::try_unfold((source, next), |(source, next)| async move {
        let Some(start) = next else { return Ok::<_, Error>(None) };
        let page = source.page(&start, CHUNK).await?;
        let comma = if page.items.is_empty() { "" } else { "," };
        let text = format!("{comma}{}", source.written(page.items));
        Ok(Some((Bytes::from(text), (source, page.next.map(Start::After)))))
    });
    let parts =
        stream::iter([Ok(Bytes::from(opening))]).chain(rest).chain(stream::iter([Ok(Bytes::from_static(b"]"))]));
    ([(CONTENT_TYPE, "application/json")], Body::from_stream(parts)).into_response()
}
