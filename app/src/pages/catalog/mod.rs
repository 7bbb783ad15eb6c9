//! What the organisation has.

mod entity;
mod filters;
mod list;

pub use entity::EntityPage;
pub use list::CatalogPage;

use domain::catalog::EntityRef;

/// The address of an entity's page.
pub(crate) fn entity_path(reference: &EntityRef) -> String {
    format!("/catalog/{}/{}/{}", reference.kind(), reference.namespace(), reference.name())
}
