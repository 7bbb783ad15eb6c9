//! `cargo xtask build`: what a container image is made of.

use std::process::ExitCode;

use crate::cli::Build;
use crate::failure::Result;
use crate::frontend::{self, Profile};
use crate::stack::server;
use crate::workshop::Workshop;

pub(crate) fn build(workshop: &Workshop, build: &Build) -> Result<ExitCode> {
    let profile = Profile::of(build.release);
    let site = frontend::build(workshop, profile)?;
    let program = server::build(workshop, profile)?;
    println!("{}\n{}", program.display(), site.folder.display());
    Ok(ExitCode::SUCCESS)
}
