//! Signing in through the identity provider, and who is asking on every request after that.

mod bearer;
mod claims;
mod cookies;
mod fresh;
mod guard;
mod provider;
mod routes;
mod session_store;

pub use backend::access::SignedIn;
pub use bearer::BearerToken;
pub(crate) use cookies::{keep_token, mark_input, take_token};
pub use fresh::{Freshness, WayBack};
pub use guard::{Access, Guard, identify, refuse, require};
pub use provider::{HttpError, Provider};
pub use routes::{back_channel_logout, callback, login, logout};
pub use session_store::{SESSION_AUTH_TIME, SESSION_PERSON, id_hash, layer as session_layer};
