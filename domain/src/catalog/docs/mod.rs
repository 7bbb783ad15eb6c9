//! Documentation of an entity, kept as Markdown beside its code: where an entity says it is, which files are its pages,
//! in which order, and what their links mean. Nothing is drawn here.

mod admonitions;
mod asked;
mod library;
mod natural;
mod site;
#[cfg(test)]
mod tests;

pub use admonitions::as_alerts;
pub use asked::{Asked, ELSEWHERE, PLACE, asked, folder_inside};
pub use library::{Library, Link};
pub use site::{Site, Step, Target, front_title, site};

/// Where documentation is described, beside the entity.
pub const SITE_FILE: &str = "mkdocs.yml";
/// The page where nothing else is.
pub const README: &str = "README.md";
