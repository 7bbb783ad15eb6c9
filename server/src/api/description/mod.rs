//! `/api/v1/openapi.json`: the API described by the types of its own handlers (OpenAPI 3.1).

mod operation;
mod operations;

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use domain::error::FieldError;
use http::header::CONTENT_TYPE;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, Paths, Ref, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use operation::{PROBLEM, Schemas};

const INTRODUCTION: &str = "\
Everything that the pages show and do, for programs. Come with a token, `Authorization: Bearer wmk_…`, or with the \
session cookie of a browser, and never with both; a cookie must come from a page of this site. Times are RFC 3339 in UTC, \
quantities are those of Kubernetes, things are named by their catalog references. What somebody may not see is answered \
like what is missing.";

/// Every error (RFC 9457).
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes the document that the edge writes")]
struct Problem {
    r#type: String,
    title: String,
    status: u16,
    /// Stable and for machines.
    code: String,
    /// A sentence for people: what to do about it.
    detail: String,
    /// Finds the request in the log.
    request_id: String,
    /// What is wrong with single fields; only where something is.
    errors: Option<Vec<FieldError>>,
}

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    // It is made of texts and maps alone, which are always JSON.
    document().to_json().unwrap_or_default()
});

/// `GET /api/v1/openapi.json`
pub async fn description() -> Response {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

/// The whole description.
pub fn document() -> OpenApi {
    let mut paths = Paths::new();
    let mut schemas = Schemas::new();
    for operation in operations::all() {
        let (path, method, described, used) = operation.finish();
        paths.add_path_operation(path, vec![method], described);
        schemas.extend(used);
    }
    let either = ["token", "session"].map(|name| SecurityRequirement::new(name, Vec::<String>::new()));
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Waymark").version("1").description(Some(INTRODUCTION)))
        .paths(paths)
        .components(Some(components(schemas)))
        .security(Some(either))
        .build()
}

fn components(mut schemas: Schemas) -> Components {
    schemas.push((Problem::name().into_owned(), Problem::schema()));
    Problem::schemas(&mut schemas);
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("wmk_…").description(Some(
        "Made under Settings or by POST /api/v1/tokens. `read` is enough for GET, the rest needs `write`.",
    ));
    let session = ApiKeyValue::with_description("__Host-sid", "Of a browser; on loopback the name ends with the port.");
    let problem = Content::new(Some(Ref::from_schema_name(PROBLEM)));
    ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .response(
            PROBLEM,
            ResponseBuilder::new().description("What went wrong.").content("application/problem+json", problem),
        )
        .security_scheme("token", SecurityScheme::Http(token.build()))
        .security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)))
        .build()
}
