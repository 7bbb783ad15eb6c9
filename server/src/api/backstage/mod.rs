//! Backstage's catalog read API (`@backstage/plugin-catalog-backend` 4.0), for its clients as they are. They find what they
//! know, narrowed to what the viewer may see.

mod address;
mod by_query;
mod entities;
mod facets;
mod list;
mod locations;
mod refresh;
mod search;
mod validate;
mod written;

pub use by_query::{by_query, post_by_query};
pub use entities::{ancestry, by_name, by_refs, by_uid};
pub use facets::{facets, post_facets};
pub use list::list;
pub use locations::{find_location, list_locations, location_by_entity, locations_by_query};
pub use refresh::refresh;
pub use validate::validate;

use backend::Error;
use domain::error::FieldError;
use http::Method;

use crate::edge::Problem;

/// Where it stands.
pub const PREFIX: &str = "/api/catalog/";
/// The one request that asks for more than an answer.
const REFRESH: &str = "/api/catalog/refresh";

/// Whether a request reads, whatever its method: questions that are too long for an address are posted.
pub fn is_question(method: &Method, path: &str) -> bool {
    *method == Method::POST && path.starts_with(PREFIX) && path != REFRESH
}

fn fault(key: &str, message: impl Into<String>) -> Problem {
    Error::Invalid(vec![FieldError::new(format!("/{key}"), message)]).into()
}
