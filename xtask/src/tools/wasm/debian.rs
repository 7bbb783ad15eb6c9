//! Debian's own newer compiler (`rustc-web`) with a standard library for wasm that is built once from Debian's sources.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Compiler, TARGET};
use crate::failure::{Failure, Result, While};
use crate::tool::Tool;
use crate::workshop::Workshop;
use crate::{packages, progress};

const RUSTC: &str = "/usr/bin/rustc";
const LIBRARY: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
const MANIFEST: &str = "[package]\nname = \"sysroot\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
    [profile.release]\npanic = \"abort\"\n\n[workspace]\n";

pub(super) fn set_up(workshop: &Workshop) -> Result<Compiler> {
    if !Path::new(RUSTC).exists() || !Path::new(LIBRARY).exists() || find_linker().is_none() {
        packages::install(workshop, &["rustc-web", "rust-web-src", "lld-22"], "compiling for the browser")?;
    }
    let linker = find_linker()
        .ok_or_else(|| Failure::world("No `wasm-ld` was found. Run `apt-get install lld-22`, then try again."))?;
    let version = Tool::new(RUSTC).arg("--version").quiet(workshop)?;
    let number = version.split_whitespace().nth(1).unwrap_or("unknown");
    let sysroot = workshop.cache(format!("wasm-sysroot-{number}"));
    if !sysroot.join(".complete").exists() {
        progress::step("Building the standard library for the browser (once)", || build(workshop, &sysroot))?;
    }
    Ok(Compiler::Other { rustc: RUSTC.into(), linker, sysroot })
}

fn find_linker() -> Option<PathBuf> {
    let versioned = (14..=30).rev().map(|version| format!("/usr/bin/wasm-ld-{version}"));
    versioned.chain(["/usr/bin/wasm-ld".into()]).map(PathBuf::from).find(|path| path.exists())
}

/// Builds an empty crate together with its standard library and keeps the library.
fn build(workshop: &Workshop, sysroot: &Path) -> Result<()> {
    let crate_folder = sysroot.join("build");
    fs::create_dir_all(crate_folder.join("src")).world("make a folder for the standard library")?;
    fs::write(crate_folder.join("Cargo.toml"), MANIFEST).world("write the empty crate")?;
    fs::write(crate_folder.join("src/lib.rs"), "#![no_std]\n").world("write the empty crate")?;
    Tool::cargo(workshop)
        .current_dir(&crate_folder)
        .args(["build", "--release", "--target", TARGET, "-Zbuild-std=std,panic_abort"])
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // The module is linked with LTO, which wants bitcode in every library.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", crate_folder.join("target"))
        .quiet(workshop)?;
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries).world("make the sysroot")?;
    for entry in fs::read_dir(crate_folder.join("target").join(TARGET).join("release/deps")).world("list libraries")? {
        let path = entry.world("list libraries")?.path();
        let name = path.file_name().unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "rlib")
            && !name.to_string_lossy().starts_with("libsysroot-")
        {
            fs::copy(&path, libraries.join(name)).world("copy a library")?;
        }
    }
    fs::remove_dir_all(&crate_folder).world("remove the empty crate")?;
    fs::write(sysroot.join(".complete"), "").world("finish the sysroot")
}
