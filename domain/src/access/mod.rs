//! Who is asking and what they may do.

mod next_path;
mod roles;
mod theme;
mod token;
mod viewer;

pub use next_path::{NextPath, NotOurs};
pub use roles::{Role, RoleGroups};
pub use theme::Theme;
pub use token::{LONGEST, TokenScope, TokenText, TokenWish};
pub use viewer::{PersonId, Viewer};

/// In the query of a page that somebody came back to because a decision needed a fresh sign-in, with its place there.
pub const AFRESH: &str = "afresh";

/// In the query of a page whose form was sent without a living session: the id under which what was typed is kept.
pub const KEPT: &str = "kept";

/// The same for a button, which has to be pressed again.
pub const UNDONE: &str = "undone";
