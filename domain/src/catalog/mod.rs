//! The names by which things are known.

mod entity_ref;
mod name;

pub use entity_ref::{EntityRef, EntityRefError};
pub use name::{Name, NameError};
