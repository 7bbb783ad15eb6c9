//! What the organisation has.

mod entity;
mod filters;
mod list;

pub use entity::EntityPage;
pub use list::CatalogPage;
