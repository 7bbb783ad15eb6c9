//! API definitions as something to read: one shape for OpenAPI 3.0 and 3.1, Swagger 2, AsyncAPI 2 and 3, GraphQL and
//! gRPC. References (`$ref`) are followed within the document alone.

mod asyncapi;
mod document;
mod fault;
mod graphql;
mod grouped;
mod grpc;
mod model;
mod openapi;
mod schema;
#[cfg(test)]
mod tests;
mod words;

pub use fault::Unreadable;
pub use model::{Answer, ApiReference, Body, Operation, OperationGroup, Row, Server, TypeReference};

use self::{document::Document, fault::place};

/// Larger definitions are for programs.
pub const MAX_BYTES: usize = 1 << 20;
pub const MOST_OPERATIONS: usize = 500;
pub const MOST_TYPES: usize = 500;
/// Rows below all bodies together, and below all types; whatever comes after them is cut.
const MOST_ROWS_IN_ALL: usize = 20_000;

/// Reads a definition. `api_type` is `spec.type` of its entity: `openapi`, `asyncapi`, `graphql` or `grpc`; of the first
/// two the text itself says which it is. Where it cannot be read, the raw text is all there is to show.
pub fn read(api_type: &str, text: &str) -> Result<ApiReference, Unreadable> {
    if text.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    if text.trim().is_empty() {
        return Err(Unreadable::Empty);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match api_type.to_ascii_lowercase().as_str() {
        "openapi" | "asyncapi" | "swagger" => described(text),
        "graphql" => graphql::read(text),
        "grpc" => grpc::read(text),
        _ => Err(Unreadable::NoReader { api_type: api_type.to_owned() }),
    }
}

fn described(text: &str) -> Result<ApiReference, Unreadable> {
    let document = Document::read(text)?;
    let version = |key: &str| document::text(document.root(), key);
    let (openapi, swagger, asyncapi) = (version("openapi"), version("swagger"), version("asyncapi"));
    let is = |version: &str, major: &str| version.split('.').next() == Some(major);
    if is(&openapi, "3") || is(&swagger, "2") {
        Ok(openapi::read(&document))
    } else if is(&asyncapi, "2") || is(&asyncapi, "3") {
        Ok(asyncapi::read(&document))
    } else {
        let found = [("openapi", openapi), ("swagger", swagger), ("asyncapi", asyncapi)];
        let found = found.into_iter().find(|(_, version)| !version.is_empty());
        Err(Unreadable::Version { found: found.map(|(key, version)| format!("{key} {version}")).unwrap_or_default() })
    }
}
