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
