//! Who is asking, and whether this address is for them.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use backend::access::{self, SignedIn};
use domain::{
    access::{NextPath, Role},
    error::ErrorKind,
};
use http::{
    Method,
    header::{ACCEPT, AUTHORIZATION},
};
use time::OffsetDateTime;
use tower_sessions::Session;
use uuid::Uuid;

use super::{
    SESSION_AUTH_TIME, SESSION_PERSON,
    bearer::{self, BearerToken},
    form_home::FormHome,
    fresh::{self, Freshness, SignInTime},
    left_form::{Missing, is_form, lead_to_sign_in},
};
use crate::{api::backstage::is_question, edge::Problem, state::AppState};

/// Who may ask at an address at all. What they then see is decided by the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    SignedIn,
    /// Somebody with a session, and no program on their behalf.
    InPerson,
    Only(Role),
}

/// What a request has to pass before its handler sees it.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    pub access: Access,
    /// Whether somebody with a session has to have signed in a moment ago.
    pub freshness: Freshness,
    /// Where the form stands that people send here.
    pub form: Option<FormHome>,
}

impl From<Access> for Guard {
    fn from(access: Access) -> Self {
        Self { access, freshness: Freshness::Any, form: None }
    }
}

impl Access {
    /// With a fresh sign-in alone.
    pub fn fresh(self) -> Guard {
        Guard { freshness: Freshness::Fresh, ..self.into() }
    }

    /// For a form: where its sign-in is missing or too old, it leads to one and from there to its page.
    pub fn form(self, home: FormHome) -> Guard {
        Guard { form: Some(home), ..self.into() }
    }
}

impl Guard {
    /// The same with a fresh sign-in alone.
    pub fn fresh(self) -> Self {
        Self { freshness: Freshness::Fresh, ..self }
    }
}

/// Where programs with a token may ask.
const FOR_PROGRAMS: &str = "/api/";
const IN_PERSON: &str = "Tokens are made and revoked by somebody who is signed in, and never by a token.";

/// Adds [`SignedIn`] to requests of a live session or of a program with a token. The edge lets no request through that
/// has both.
pub async fn identify(State(state): State<AppState>, session: Session, mut request: Request, next: Next) -> Response {
    if let Some(header) = request.headers().get(AUTHORIZATION).filter(|_| is_for_programs(&request)) {
        match bearer::person_of(&state, header, is_reading(&request)).await {
            Ok((seen, token)) => {
                request.extensions_mut().insert(seen);
                request.extensions_mut().insert(token);
            }
            Err(problem) => return problem.into_response(),
        }
        return next.run(request).await;
    }
    let person = match session.get::<Uuid>(SESSION_PERSON).await {
        Ok(person) => person,
        Err(error) => {
            tracing::warn!(%error, "session store");
            return Problem::of(ErrorKind::Unavailable).into_response();
        }
    };
    if let Some(person) = person {
        match access::signed_in(&state.db, &state.role_groups, person).await {
            Ok(seen) => {
                request.extensions_mut().insert(seen);
                if let Some(at) = sign_in_time(&session).await {
                    request.extensions_mut().insert(at);
                }
            }
            Err(backend::Error::NotFound) => {}
            Err(error) => return Problem::from(error).into_response(),
        }
    }
    next.run(request).await
}

/// A session of which this is not known is as old as any.
async fn sign_in_time(session: &Session) -> Option<SignInTime> {
    let seconds = session.get::<i64>(SESSION_AUTH_TIME).await.ok().flatten()?;
    OffsetDateTime::from_unix_timestamp(seconds).ok().map(SignInTime)
}

/// Lets a request through that passes.
pub async fn require(state: AppState, guard: Guard, request: Request, next: Next) -> Response {
    let form = guard.form.filter(|_| is_form(&request));
    if let Some(refusal) = refuse(guard.access, &request) {
        let is_signed_out = request.extensions().get::<SignedIn>().is_none();
        return match form.filter(|_| is_signed_out) {
            Some(home) => lead_to_sign_in(&state, home, Missing::Session, request).await,
            None => refusal,
        };
    }
    match form {
        _ if fresh::is_enough(guard.freshness, &request) => next.run(request).await,
        Some(home) => lead_to_sign_in(&state, home, Missing::FreshSignIn, request).await,
        None => fresh::refusal(),
    }
}

/// The refusal, if there is one. An address that is hidden looks like one that is not there.
pub fn refuse(access: Access, request: &Request) -> Option<Response> {
    match (access, request.extensions().get::<SignedIn>()) {
        (Access::Public, _) | (Access::SignedIn, Some(_)) => None,
        (Access::InPerson, Some(_)) => {
            let is_program = request.extensions().get::<BearerToken>().is_some();
            is_program.then(|| Problem::of(ErrorKind::Forbidden).with_detail(IN_PERSON).into_response())
        }
        (Access::Only(role), Some(seen)) if seen.viewer.has(role) => None,
        (Access::Only(_), Some(_)) => Some(Problem::of(ErrorKind::NotFound).into_response()),
        (_, None) => Some(sign_in_first(request)),
    }
}

fn is_reading(request: &Request) -> bool {
    let method = request.method();
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || is_question(method, request.uri().path())
}

fn is_for_programs(request: &Request) -> bool {
    request.uri().path().starts_with(FOR_PROGRAMS)
}

/// A page leads to sign-in and back; everything else gets a problem.
fn sign_in_first(request: &Request) -> Response {
    let is_page = *request.method() == Method::GET
        && !request.uri().path().starts_with("/api/")
        && request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|a| a.contains("text/html"));
    if !is_page {
        return Problem::of(ErrorKind::Unauthenticated).into_response();
    }
    let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let next: NextPath = wanted.parse().unwrap_or_default();
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next.as_str()).finish();
    Redirect::to(&format!("/login?{query}")).into_response()
}
