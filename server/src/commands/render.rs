//! `waymark render`: what the platform starts for itself to render a golden path. One JSON request in, one answer out.

use super::Failure;

pub(crate) fn run() -> Result<(), Failure> {
    backend::renderer::serve().map_err(|error| Failure::World(format!("The renderer cannot read or answer: {error}.")))
}
