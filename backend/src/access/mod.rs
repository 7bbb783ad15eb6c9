//! People, their sessions, the sign-ins under way and the forms that wait for them.

mod left_form;
mod person;
mod session;
mod sign_in;
mod token;

pub use left_form::{LeftForm, claim_forms, find_form, leave_form, purge_forms};
pub use person::{Account, Identity, SignedIn, account, set_theme, sign_in, signed_in};
pub use session::{
    IdHash, LiveSession, SessionLife, SessionRow, SessionSummary, create_session, delete_session, end_other_sessions,
    end_provider_session, list_sessions, load_session, purge_ended, save_session,
};
pub use sign_in::{Attempt, begin_attempt, take_attempt};
pub use token::{MOST_TOKENS, TokenUse, TokenView, list_tokens, make_token, purge_tokens, revoke_token, use_token};
