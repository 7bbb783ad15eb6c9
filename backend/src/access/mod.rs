//! People, their sessions and the sign-ins under way.

mod person;
mod session;
mod sign_in;

pub use person::{Identity, SignedIn, set_theme, sign_in, signed_in};
pub use session::{
    IdHash, LiveSession, SessionLife, SessionRow, create_session, delete_session, end_provider_session, load_session,
    purge_ended, save_session,
};
pub use sign_in::{Attempt, begin_attempt, take_attempt};
