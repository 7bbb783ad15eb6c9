//! What the organisation has, where that is described, and how it comes in.

mod change;
pub(super) mod docs;
mod entity;
mod environments;
mod errors;
mod filters;
mod graph;
mod import;
mod list;
mod mine;
mod named;
mod removal;
mod removed;
mod running;
mod sources;
mod unowned;

pub use change::{ACTION, DISCARD, EditPage, EntityChangePage, SEEN};
pub use docs::EntityDocsPage;
pub use entity::EntityPage;
pub use environments::EnvironmentsPage;
pub use errors::ErrorsPage;
pub use graph::GraphPage;
pub use import::{ImportPage, PreviewPage};
pub use list::CatalogPage;
pub use mine::MinePage;
pub use removal::RemovalPage;
pub use removed::RemovedPage;
pub use sources::{EndSourcePage, SourcePage, SourcesPage};
pub use unowned::UnownedPage;
