//! The query of an address, in which keys may stand several times.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts as RequestParts};
use backend::catalog::query::Parts;
use domain::catalog::query::narrowed;
use serde_json::Value;
use url::form_urlencoded;

use super::fault;
use crate::edge::Problem;

/// Keys and values in their order.
#[derive(Clone, Debug, Default)]
pub struct Address(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut RequestParts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl Address {
    pub(super) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub(super) fn first<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        self.all(key).find(|value| !value.is_empty())
    }

    /// Several in one value, with commas between them.
    pub(super) fn listed(&self, key: &str) -> Vec<String> {
        let parts = self.all(key).flat_map(|value| value.split(',')).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A whole number from 0.
    pub(super) fn number(&self, key: &str) -> Result<Option<i64>, Problem> {
        self.first(key).map(|text| number(key, text.parse().ok())).transpose()
    }
}

/// Far beyond the end of every list, and far from the end of the numbers.
const MOST: i64 = 1 << 40;

pub(super) fn number(key: &str, read: Option<i64>) -> Result<i64, Problem> {
    read.filter(|number| (0..=MOST).contains(number)).ok_or_else(|| fault(key, "Write a whole number from 0."))
}

/// The parts of entities that are asked for; all of them when none is named.
pub(super) struct Fields(Vec<String>);

impl Fields {
    pub(super) fn of(named: Vec<String>) -> Result<Self, Problem> {
        match named.iter().find(|field| field.contains('[')) {
            Some(field) => Err(fault("fields", format!("`{field}` names an item of a list. Name the whole list."))),
            None => Ok(Self(named)),
        }
    }

    pub(super) fn parts(&self) -> Parts {
        let has = |root: &str| self.0.is_empty() || self.0.iter().any(|field| field.split('.').next() == Some(root));
        Parts { has_relations: has("relations"), has_status: has("status") }
    }

    pub(super) fn narrow(&self, entity: Value) -> Value {
        if self.0.is_empty() { entity } else { narrowed(&entity, &self.0) }
    }
}
