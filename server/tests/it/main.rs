//! The web process from the outside, on a real database.

mod edge;
mod route_matrix;
mod runs;
mod support;
