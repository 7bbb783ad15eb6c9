//! Programs come with a token of a person instead of that person's session.

use backend::access::{self, SignedIn};
use domain::{access::TokenText, error::ErrorKind};
use http::HeaderValue;
use uuid::Uuid;

use crate::{edge::Problem, state::AppState};

/// The request came with a token. Its person is in [`SignedIn`], as with a session.
#[derive(Clone, Copy, Debug)]
pub struct BearerToken(pub Uuid);

const UNKNOWN: &str = "This token is not known, is over, was revoked, or rests because its person has not signed in for \
                       thirty days. Sign in to the pages, and make a new one under Settings if that does not help.";
const READ_ONLY: &str = "This token may only read. Make one under Settings that may also change things.";

/// Who the token stands for. A token that may only read is refused before anything else is looked at.
pub(super) async fn person_of(
    state: &AppState,
    header: &HeaderValue,
    is_reading: bool,
) -> Result<(SignedIn, BearerToken), Problem> {
    let unknown = || Problem::of(ErrorKind::Unauthenticated).with_detail(UNKNOWN);
    let text = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).and_then(TokenText::parse);
    let used = access::use_token(&state.db, &text.ok_or_else(unknown)?).await?.ok_or_else(unknown)?;
    if !used.may_write && !is_reading {
        return Err(Problem::of(ErrorKind::Forbidden).with_detail(READ_ONLY));
    }
    let seen = access::signed_in(&state.db, &state.role_groups, used.person).await?;
    Ok((seen, BearerToken(used.token)))
}
