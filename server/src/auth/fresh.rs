//! Some decisions need a sign-in of a moment ago (OWASP ASVS 5.0, 7.5.3): whoever finds a browser that was left open, or
//! has stolen its session, cannot decide them.

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use domain::error::ErrorKind;
use time::{Duration, OffsetDateTime};

use super::bearer::BearerToken;
use crate::{clock, edge::Problem};

/// How old a sign-in may be.
pub(super) const LIFE: Duration = Duration::minutes(5);

/// A provider's clock may be ahead of ours by this much.
const SKEW: Duration = Duration::minutes(1);

const SIGN_IN_AGAIN: &str =
    "This needs a sign-in of the last five minutes. Sign in again, or send a token that may write.";

/// When the person of the request proved to the provider who they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignInTime(pub(super) OffsetDateTime);

/// How old the sign-in of somebody with a session may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    Any,
    /// Younger than five minutes, or it is refused.
    Fresh,
}

/// Whether the sign-in of a request is fresh enough; a program's is, as making its token needed it too.
pub(super) fn is_enough(freshness: Freshness, request: &Request) -> bool {
    let is_program = request.extensions().get::<BearerToken>().is_some();
    let signed_in = request.extensions().get::<SignInTime>();
    freshness == Freshness::Any || is_program || signed_in.is_some_and(|at| is_fresh(at.0, clock::now()))
}

/// What programs are told.
pub(super) fn refusal() -> Response {
    Problem::of(ErrorKind::Unauthenticated).with_detail(SIGN_IN_AGAIN).into_response()
}

fn is_fresh(signed_in: OffsetDateTime, now: OffsetDateTime) -> bool {
    signed_in <= now + SKEW && now - signed_in <= LIFE
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
