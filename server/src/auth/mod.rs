//! Signing in through the identity provider, and who is asking on every request after that.

mod bearer;
mod claims;
mod cookies;
mod form_home;
mod fresh;
mod guard;
mod left_form;
mod provider;
mod routes;
mod session_store;

pub use backend::access::SignedIn;
pub use bearer::BearerToken;
pub(crate) use cookies::{input, keep_token, take_token};
pub use form_home::{FormHome, Page};
pub use fresh::Freshness;
pub use guard::{Access, Guard, identify, refuse, require};
pub use provider::{HttpError, Provider};
pub use routes::{back_channel_logout, callback, login, logout};
pub use session_store::{SESSION_AUTH_TIME, SESSION_PERSON, id_hash, layer as session_layer};
