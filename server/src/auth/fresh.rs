//! Some decisions need a sign-in of a moment ago (OWASP ASVS 5.0, 7.5.3): whoever finds a browser that was left open, or
//! has stolen its session, cannot decide them.

use axum::{
    body::to_bytes,
    extract::Request,
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    access::{AFRESH, NextPath},
    error::ErrorKind,
};
use time::{Duration, OffsetDateTime};
use url::form_urlencoded;

use super::bearer::BearerToken;
use crate::{
    clock,
    edge::{FORM_BYTES, Problem},
};

/// How old a sign-in may be.
pub(super) const LIFE: Duration = Duration::minutes(5);

/// A provider's clock may be ahead of ours by this much.
const SKEW: Duration = Duration::minutes(1);

const SIGN_IN_AGAIN: &str =
    "This needs a sign-in of the last five minutes. Sign in again, or send a token that may write.";

/// When the person of the request proved to the provider who they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignInTime(pub(super) OffsetDateTime);

/// Where a form that came to `path` too late leads to after the new sign-in, with what was typed in the query: a page, and
/// the place on it.
pub type WayBack = fn(path: &str) -> (&'static str, String);

/// How old the sign-in of somebody with a session may be.
#[derive(Clone, Copy, Debug)]
pub enum Freshness {
    Any,
    /// Younger than five minutes, or it is refused.
    Fresh,
    /// Younger than five minutes, or the provider is asked first.
    FreshOrBackTo(WayBack),
}

/// Gives a request back whose sign-in is fresh enough, or that a program sends: making its token needed it too.
pub(super) async fn require_fresh(freshness: Freshness, request: Request) -> Result<Request, Response> {
    let is_program = request.extensions().get::<BearerToken>().is_some();
    let is_enough =
        is_program || request.extensions().get::<SignInTime>().is_some_and(|at| is_fresh(at.0, clock::now()));
    match freshness {
        Freshness::Any => Ok(request),
        _ if is_enough => Ok(request),
        Freshness::Fresh => Err(Problem::of(ErrorKind::Unauthenticated).with_detail(SIGN_IN_AGAIN).into_response()),
        Freshness::FreshOrBackTo(back) => Err(to_provider(back, request).await),
    }
}

fn is_fresh(signed_in: OffsetDateTime, now: OffsetDateTime) -> bool {
    signed_in <= now + SKEW && now - signed_in <= LIFE
}

/// Nothing has been done yet; the page says so when the person is back.
async fn to_provider(back: WayBack, request: Request) -> Response {
    let (page, place) = back(request.uri().path());
    let body = to_bytes(request.into_body(), FORM_BYTES).await.unwrap_or_default();
    let typed = form_urlencoded::parse(&body).into_owned();
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair(AFRESH, &place).extend_pairs(typed).finish();
    let next: NextPath = format!("{page}?{query}#{place}").parse().or_else(|_| page.parse()).unwrap_or_default();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("fresh", "1")
        .append_pair("next", next.as_str())
        .finish();
    Redirect::to(&format!("/login?{query}")).into_response()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_sign_in_is_fresh_for_five_minutes() {
        let now = datetime!(2026-11-21 12:00 UTC);
        for (signed_in, fresh) in [
            (now, true),
            (now - Duration::minutes(5), true),
            (now - Duration::seconds(301), false),
            (now - Duration::days(400), false),
            (now + Duration::seconds(59), true),
            (now + Duration::minutes(2), false),
        ] {
            assert_eq!(is_fresh(signed_in, now), fresh, "{signed_in}");
        }
    }
}
