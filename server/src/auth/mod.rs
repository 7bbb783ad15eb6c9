//! Signing in through the identity provider, and who is asking on every request after that.

mod claims;
mod cookies;
mod guard;
mod provider;
mod routes;
mod session_store;

pub use backend::access::SignedIn;
pub(crate) use cookies::mark_input;
pub use guard::{Access, identify, refuse, require};
pub use provider::{HttpError, Provider};
pub use routes::{back_channel_logout, callback, login, logout};
pub use session_store::{SESSION_PERSON, layer as session_layer};
