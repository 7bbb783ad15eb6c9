//! The compiler for the browser's module. Where rustup can add the target it does; on a Debian machine where it cannot,
//! Debian's own newer compiler builds the standard library for wasm once.

mod debian;

use std::path::{Path, PathBuf};

use super::on_path;
use crate::failure::{Failure, Result};
use crate::progress;
use crate::tool::Tool;
use crate::workshop::Workshop;

/// The target triple of the browser's module.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler that can build for the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Compiler {
    /// The one that builds everything else.
    Own,
    /// Another compiler with a sysroot of ours.
    Other { rustc: PathBuf, linker: PathBuf, sysroot: PathBuf },
}

impl Compiler {
    /// Finds or sets up a compiler for [`TARGET`].
    pub(crate) fn set_up(workshop: &Workshop) -> Result<Self> {
        if own_has_target(workshop)? {
            return Ok(Self::Own);
        }
        if on_path("rustup").is_some() {
            let added = progress::step("Adding the wasm target", || {
                Tool::new("rustup").args(["target", "add", TARGET]).current_dir(workshop.root()).ask(workshop)
            })?;
            if added.status.success() && own_has_target(workshop)? {
                return Ok(Self::Own);
            }
            progress::note("rustup could not add the wasm target; Debian's compiler is tried instead.");
        }
        if !Path::new("/etc/debian_version").exists() {
            return Err(Failure::world(format!(
                "The compiler has no standard library for {TARGET}. Run `rustup target add {TARGET}`, then try again."
            )));
        }
        debian::set_up(workshop)
    }

    /// A cargo command that compiles for the browser.
    pub(crate) fn cargo(&self, workshop: &Workshop, command: &str) -> Tool {
        let cargo = Tool::cargo(workshop).args([command, "--target", TARGET]);
        match self {
            Self::Own => cargo,
            Self::Other { rustc, linker, sysroot } => cargo
                .env("RUSTC", rustc)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .env(
                    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                    format!("--sysroot={} -Clinker-flavor=wasm-ld", sysroot.display()),
                )
                // Two compilers in one folder would throw away each other's work.
                .env("CARGO_TARGET_DIR", workshop.target("browser")),
        }
    }

    /// Where [`Compiler::cargo`] puts the module of `package`, built in the folder of `profile`.
    pub(crate) fn module(&self, workshop: &Workshop, package: &str, profile: &str) -> PathBuf {
        let target = match self {
            Self::Own => workshop.target(""),
            Self::Other { .. } => workshop.target("browser"),
        };
        target.join(TARGET).join(profile).join(format!("{package}.wasm"))
    }
}

fn own_has_target(workshop: &Workshop) -> Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let sysroot = Tool::new(rustc).args(["--print", "sysroot"]).current_dir(workshop.root()).quiet(workshop)?;
    Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib").is_dir())
}
