//! The addresses of signing in and out.

use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use backend::access::{self, Attempt};
use domain::{
    access::{NextPath, PersonId},
    error::ErrorKind,
};
use http::StatusCode;
use serde::Deserialize;
use tower_cookies::Cookies;
use tower_sessions::Session;

use super::{
    cookies, left_form,
    provider::{Arrival, SignInError},
    session_store::{SESSION_AUTH_TIME, SESSION_ID_TOKEN, SESSION_PERSON, SESSION_PROVIDER_SID},
};
use crate::{clock, edge::Problem, state::AppState};

type Answer = Result<Response, Problem>;

#[derive(Debug, Deserialize)]
pub struct LoginQuery {
    next: Option<String>,
    /// Somebody who has signed in already proves once more who they are.
    fresh: Option<String>,
}

/// Sends the browser to the provider; there is no page between and no other way in.
pub async fn login(State(state): State<AppState>, cookies: Cookies, Query(query): Query<LoginQuery>) -> Answer {
    let next: NextPath = query.next.and_then(|next| next.parse().ok()).unwrap_or_default();
    let departure = state.provider.depart(query.fresh.is_some()).await?;
    let browser = cookies::mark_browser(&cookies, &state.public_url);
    let attempt =
        Attempt { nonce: departure.nonce, pkce_verifier: departure.pkce_verifier, next: next.as_str().to_owned() };
    access::begin_attempt(&state.db, &cookies::hash(&departure.state), &browser, &attempt).await?;
    Ok(Redirect::to(departure.url.as_str()).into_response())
}

#[derive(Debug, Deserialize)]
pub struct CallbackQuery {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// The way back from the provider.
pub async fn callback(
    State(state): State<AppState>,
    cookies: Cookies,
    session: Session,
    Query(query): Query<CallbackQuery>,
) -> Answer {
    let attempt = match (query.state.as_deref(), cookies::browser(&cookies, &state.public_url)) {
        (Some(text), Some(browser)) => access::take_attempt(&state.db, &cookies::hash(text), &browser).await?,
        _ => None,
    };
    let attempt =
        attempt.ok_or_else(|| again("This sign-in has expired, was used already, or began in another browser."))?;
    if !state.provider.is_from_issuer(query.iss.as_deref()).await? {
        return Err(again("The answer came from another identity provider than ours."));
    }
    if let Some(error) = query.error {
        tracing::info!(error, "the provider refused a sign-in");
        return Err(again("The identity provider did not sign you in."));
    }
    let code = query.code.ok_or_else(|| again("The identity provider's answer was incomplete."))?;
    let arrival = state.provider.arrive(code, attempt.nonce, attempt.pkce_verifier).await?;
    let person = begin_session(&state, &session, arrival).await?;
    left_form::claim(&state, &cookies, person).await;
    Ok(Redirect::to(&attempt.next).into_response())
}

/// Nothing of the time before sign-in survives it: not the id, not the contents. The new row is written before the
/// answer, so that a lost answer leaves no half-made session behind.
async fn begin_session(state: &AppState, session: &Session, arrival: Arrival) -> Result<PersonId, Problem> {
    let person = access::sign_in(&state.db, &arrival.identity).await?;
    session.flush().await.map_err(session_problem)?;
    session.insert(SESSION_PERSON, person).await.map_err(session_problem)?;
    session.insert(SESSION_ID_TOKEN, arrival.id_token).await.map_err(session_problem)?;
    if let Some(at) = arrival.auth_time {
        session.insert(SESSION_AUTH_TIME, at).await.map_err(session_problem)?;
    }
    if let Some(sid) = arrival.provider_sid {
        session.insert(SESSION_PROVIDER_SID, sid).await.map_err(session_problem)?;
    }
    session.save().await.map_err(session_problem)?;
    Ok(person)
}

/// Ends our session first, then sends the browser to end the provider's.
pub async fn logout(State(state): State<AppState>, session: Session) -> Answer {
    let id_token: Option<String> = session.get(SESSION_ID_TOKEN).await.map_err(session_problem)?;
    session.flush().await.map_err(session_problem)?;
    let url = state.provider.end_session_url(id_token.as_deref()).await;
    let target = url.map_or_else(|| "/login".to_owned(), String::from);
    Ok(Redirect::to(&target).into_response())
}

#[derive(Debug, Deserialize)]
pub struct LogoutForm {
    logout_token: String,
}

/// The provider tells us that somebody has signed out or left.
pub async fn back_channel_logout(State(state): State<AppState>, Form(form): Form<LogoutForm>) -> Answer {
    let ended = state.provider.ended_by(&form.logout_token, clock::now().unix_timestamp()).await?;
    let count = access::end_provider_session(
        &state.db,
        state.provider.issuer(),
        ended.subject.as_deref(),
        ended.sid.as_deref(),
    )
    .await?;
    tracing::info!(count, "sessions ended by the provider");
    Ok(StatusCode::OK.into_response())
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        tracing::warn!(%error, "nobody was signed in");
        match error {
            SignInError::Unreachable(_) => Problem::of(ErrorKind::Unavailable)
                .with_detail("The identity provider does not answer. Try to sign in again in a minute."),
            SignInError::Refused(_) => again("The identity provider's answer did not hold."),
        }
    }
}

fn again(why: &str) -> Problem {
    Problem::of(ErrorKind::Unauthenticated).with_detail(format!("{why} Nobody was signed in; sign in again."))
}

fn session_problem(error: tower_sessions::session::Error) -> Problem {
    tracing::warn!(%error, "session store");
    Problem::of(ErrorKind::Unavailable)
}
