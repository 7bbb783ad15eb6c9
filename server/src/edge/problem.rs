//! One shape for everything that goes wrong: problem+json for programs, one page with a way back for people.

use std::sync::Arc;

use app::pages::PROBLEM_HEADER;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use domain::error::{ErrorKind, FieldError};
use http::{
    Extensions, HeaderMap, HeaderValue, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER},
};
use serde_json::json;

use super::{backstage, request_id::RequestId};
use crate::api::backstage::PREFIX;

/// A failure on its way out. Handlers return it; the edge writes it in the form that the caller reads.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: ErrorKind,
    code: &'static str,
    detail: Option<String>,
    fields: Vec<FieldError>,
    way_back: Option<(String, &'static str)>,
}

impl Problem {
    pub fn of(kind: ErrorKind) -> Self {
        Self { kind, code: kind.code(), detail: None, fields: Vec::new(), way_back: None }
    }

    /// Where people go on from the error page, and the words of the link there.
    pub fn with_way_back(mut self, address: String, words: &'static str) -> Self {
        self.way_back = Some((address, words));
        self
    }

    /// A sentence for people; never raw input, SQL, paths or answers of other systems.
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    fn detail(&self) -> &str {
        self.detail.as_deref().unwrap_or_else(|| self.kind.remedy())
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(super) fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What is wrong with the fields, or what to do, in one text.
    pub(super) fn sentences(&self) -> String {
        if self.fields.is_empty() {
            return self.detail().to_owned();
        }
        let fields =
            self.fields.iter().map(|field| format!("{}: {}", field.pointer.trim_start_matches('/'), field.message));
        fields.collect::<Vec<_>>().join(" ")
    }
}

impl From<backend::Error> for Problem {
    fn from(error: backend::Error) -> Self {
        error.report();
        let mut problem = Self::of(error.kind());
        match error {
            backend::Error::Unavailable { dependency, .. } => {
                problem.detail =
                    Some(format!("Right now {dependency} does not answer. Nothing was lost; try again in a minute."));
            }
            backend::Error::Invalid(fields) => problem.fields = fields,
            backend::Error::Conflict { code, detail } => {
                problem.code = code;
                problem.detail = Some(detail);
            }
            backend::Error::Forbidden(detail) => problem.detail = Some(detail.to_owned()),
            backend::Error::Internal { .. } | backend::Error::NotFound => {}
        }
        problem
    }
}

/// What the caller reads.
enum Form {
    Page,
    Document,
    /// With the method and the address that it repeats.
    Backstage(Method, String),
}

impl Form {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        if path.starts_with(PREFIX) {
            Self::Backstage(request.method().clone(), request.uri().to_string())
        } else if wants_page(path, request.headers()) {
            Self::Page
        } else {
            Self::Document
        }
    }
}

/// Carries the problem to [`page_or_problem`], which knows what the caller reads.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes problems, our own and those of libraries, as the caller can read them.
pub async fn page_or_problem(State(css): State<Arc<str>>, request: Request, next: Next) -> Response {
    let form = Form::of(&request);
    let reference = reference(request.extensions());
    let response = next.run(request).await;
    let Some(problem) = problem_of(&response) else {
        return response;
    };
    let written = match form {
        Form::Page => page(&problem, &reference, &css),
        Form::Document => document(&problem, &reference),
        Form::Backstage(method, address) => backstage::document(&problem, &method, &address),
    };
    in_place_of(response, written, &problem)
}

/// The same for programs alone, where an answer has to be known whole before it leaves.
pub fn problem_written(response: Response, request: &Extensions) -> Response {
    match problem_of(&response) {
        Some(problem) => in_place_of(response, document(&problem, &reference(request)), &problem),
        None => response,
    }
}

fn reference(request: &Extensions) -> String {
    request.get::<RequestId>().map(|id| id.0.to_string()).unwrap_or_default()
}

fn in_place_of(response: Response, mut written: Response, problem: &Problem) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_TYPE);
    parts.headers.remove(PROBLEM_HEADER);
    parts.headers.remove(http::header::CONTENT_LENGTH);
    if problem.kind == ErrorKind::Unavailable {
        parts.headers.insert(RETRY_AFTER, HeaderValue::from_static("10"));
    }
    written.headers_mut().extend(parts.headers);
    written
}

/// Answers without a body of their own, such as those of size limits and routers, become problems of their kind.
fn problem_of(response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    if let Some(code) = response.headers().get(PROBLEM_HEADER) {
        let kind = ErrorKind::ALL.into_iter().find(|kind| code == kind.code());
        return Some(Problem::of(kind.unwrap_or(ErrorKind::Internal)));
    }
    let kind = ErrorKind::of_status(response.status().as_u16())?;
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_ours = content_type.starts_with("text/html") || content_type.contains("json");
    (!is_ours).then(|| Problem::of(kind))
}

fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    !path.starts_with("/api/") && accept.contains("text/html")
}

fn page(problem: &Problem, reference: &str, css: &str) -> Response {
    let way_back = problem.way_back.as_ref().map(|(address, words)| (address.as_str(), *words));
    let page = Html(app::error::page(problem.kind, problem.detail(), reference, css, way_back));
    (problem.status(), page).into_response()
}

fn document(problem: &Problem, reference: &str) -> Response {
    let mut body = json!({
        "type": "about:blank",
        "title": problem.kind.title(),
        "status": problem.kind.status(),
        "code": problem.code,
        "detail": problem.detail(),
        "request_id": reference,
    });
    if !problem.fields.is_empty() {
        body["errors"] = json!(problem.fields);
    }
    (problem.status(), [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
