//! What the organisation has.

mod entity;
mod filters;
mod graph;
mod list;

pub use entity::EntityPage;
pub use graph::GraphPage;
pub use list::CatalogPage;
