//! Who is asking and what they may do.

mod next_path;
mod roles;
mod theme;
mod viewer;

pub use next_path::{NextPath, NotOurs};
pub use roles::{Role, RoleGroups};
pub use theme::Theme;
pub use viewer::{PersonId, Viewer};
