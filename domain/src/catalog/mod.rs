//! The names by which things are known, and the files that describe them (feature `catalog`).

#[cfg(feature = "catalog")]
pub mod api_reference;
#[cfg(feature = "catalog")]
pub mod code_owners;
#[cfg(feature = "catalog")]
pub mod descriptor;
#[cfg(feature = "catalog")]
pub mod docs;
#[cfg(feature = "catalog")]
pub mod edit;
mod entity_ref;
#[cfg(feature = "catalog")]
pub mod graph;
mod name;
#[cfg(feature = "catalog")]
pub mod query;
#[cfg(feature = "catalog")]
pub mod running;
#[cfg(feature = "catalog")]
pub mod standing;

pub use entity_ref::{EntityRef, EntityRefError};
pub use name::{Name, NameError};
