//! The web process from the outside, on a real database.

mod edge;
#[cfg(feature = "failpoints")]
mod kill;
mod route_matrix;
mod runs;
#[cfg(feature = "failpoints")]
mod stack;
mod support;
