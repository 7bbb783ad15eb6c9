//! `cargo xtask chaos`: workers are killed at moments that nobody chose, on real engines, and what is left is counted.

use std::process::ExitCode;

use super::test;
use crate::cli::Chaos;
use crate::failure::Result;
use crate::workshop::Workshop;

pub(crate) fn chaos(workshop: &Workshop, chaos: &Chaos) -> Result<ExitCode> {
    test::chaos(workshop, chaos.kills)
}
