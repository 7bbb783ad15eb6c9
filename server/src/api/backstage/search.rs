//! What is asked for, and the cursor that holds it from page to page.

use backend::catalog::query::{EntityQuery, Position, Start, Words};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::catalog::query::{Order, Predicate, filters, predicate};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{address::Address, fault};
use crate::edge::Problem;

/// What is looked through for words when nobody says where.
const WORDS_IN: [&str; 3] = ["metadata.name", "metadata.title", "metadata.description"];
const MOST_WORDS_IN: usize = 20;
/// Longer words than values that are looked through are nowhere.
const MOST_WORD: usize = 200;

/// A question as it was asked. It is read anew on every page, so that a cursor can ask for nothing that a question cannot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    pub(super) filter: Vec<String>,
    /// Whoever finds it in a cursor posts that cursor, which may be longer than an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) query: Option<Value>,
    /// Fields with `asc` or `desc`.
    pub(super) order: Vec<(String, String)>,
    pub(super) words: Option<(String, Vec<String>)>,
    /// In cursors alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<Place>,
}

/// Where a page begins, or ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) at: Position,
    pub(super) is_previous: bool,
    /// How many entities were counted for the first page.
    pub(super) total: i64,
}

impl Search {
    /// The query of `GET entities/by-query`.
    pub(super) fn of_address(address: &Address) -> Self {
        let order = address.all("orderField").map(|text| text.split_once(',').unwrap_or((text, "asc")));
        let words = address.first("fullTextFilterTerm");
        Self {
            filter: address.all("filter").map(str::to_owned).collect(),
            order: order.map(|(path, direction)| (path.to_owned(), direction.to_owned())).collect(),
            words: words.map(|words| (words.to_owned(), address.listed("fullTextFilterFields"))),
            ..Self::default()
        }
    }

    pub(super) fn of_cursor(text: &str) -> Result<Self, Problem> {
        let read = STANDARD.decode(text).ok().and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        let is_whole = |search: &Self| {
            let place = search.place.as_ref();
            place.is_some_and(|Place { at, total, .. }| {
                !at.key.contains('\0') && !at.reference.contains('\0') && *total >= 0
            })
        };
        read.filter(is_whole).ok_or_else(|| fault("cursor", "This is not where a page begins. Ask again without it."))
    }

    pub(super) fn cursor(&self, place: Place) -> String {
        STANDARD.encode(json!(Self { place: Some(place), ..self.clone() }).to_string())
    }

    /// Where the page begins; the offset counts on the first page alone.
    pub(super) fn start(&self, offset: i64) -> Start {
        match &self.place {
            None => Start::Offset(offset),
            Some(place) if place.is_previous => Start::Before(place.at.clone()),
            Some(place) => Start::After(place.at.clone()),
        }
    }

    pub(super) fn read(&self) -> Result<EntityQuery, Problem> {
        let order = self.order.iter().map(|(path, direction)| (path.as_str(), direction.as_str()));
        Ok(EntityQuery {
            predicate: both(&self.filter, self.query.as_ref())?,
            words: self.words()?,
            order: Order::of(order).map_err(|message| fault("order", message))?,
        })
    }

    fn words(&self) -> Result<Option<Words>, Problem> {
        let Some((text, fields)) = &self.words else { return Ok(None) };
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        if text.chars().count() > MOST_WORD || fields.len() > MOST_WORDS_IN {
            let message = format!("Look for at most {MOST_WORD} characters in at most {MOST_WORDS_IN} fields.");
            return Err(fault("fullTextFilter", message));
        }
        let named = fields.iter().map(|field| field.trim().to_lowercase()).filter(|field| !field.is_empty());
        let mut fields: Vec<String> = named.collect();
        if fields.is_empty() {
            fields = WORDS_IN.map(str::to_owned).to_vec();
        }
        Ok(Some(Words { text: text.to_owned(), fields }))
    }
}

/// The filters of an address and the predicate of a body, which both have to hold.
pub(super) fn both<'a>(
    filter: impl IntoIterator<Item = &'a String>,
    query: Option<&Value>,
) -> Result<Predicate, Problem> {
    let filter = filters(filter.into_iter().map(String::as_str)).map_err(|message| fault("filter", message))?;
    match query {
        None => Ok(filter),
        Some(query) => Ok(Predicate::All(vec![filter, predicate(query).map_err(|message| fault("query", message))?])),
    }
}
