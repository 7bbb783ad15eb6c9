//! The browser's module: `app` compiled to wasm, bound to JavaScript, and made small for release.

use std::fs;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use super::Profile;
use crate::failure::{Result, While};
use crate::fingerprint::{Fingerprint, Stamp};
use crate::progress;
use crate::tool::Tool;
use crate::tools::{node, wasm};
use crate::workshop::Workshop;

/// Named one by one: with all features `wasm-opt` writes modules that browsers refuse.
const FEATURES: [&str; 6] =
    ["bulk-memory", "nontrapping-float-to-int", "reference-types", "multivalue", "mutable-globals", "sign-ext"];

/// Writes `waymark.js`, `waymark.wasm` and the script snippets of libraries into the stage.
pub(super) fn build(workshop: &Workshop, compiler: &wasm::Compiler, profile: Profile, stage: &Path) -> Result<()> {
    let compiled = compile(workshop, compiler, profile)?;
    let inputs = Fingerprint::default()
        .file(&compiled)?
        // They hold the versions of the optimiser and of the binder.
        .file(&workshop.path("package-lock.json"))?
        .file(&workshop.path("xtask/Cargo.toml"))?
        .file(&workshop.path("Cargo.toml"))?
        .text(&FEATURES.join(","))
        .finish();
    let stamp = Stamp::at(stage.join("module.stamp"));
    if stage.join("waymark.wasm").exists() && stamp.says(&inputs) {
        return Ok(());
    }
    let bound = stage.join("bound");
    if bound.exists() {
        fs::remove_dir_all(&bound).world("empty the front end's folder")?;
    }
    progress::step("Binding the browser's module to JavaScript", || bind(&compiled, &bound, profile))?;
    let module = bound.join("waymark_bg.wasm");
    if profile == Profile::Release {
        progress::step("Making the browser's module small", || optimise(workshop, &module))?;
    }
    place(&bound, stage)?;
    stamp.record(&inputs)
}

/// Cargo itself knows whether anything is to be done.
fn compile(workshop: &Workshop, compiler: &wasm::Compiler, profile: Profile) -> Result<PathBuf> {
    let (cargo_profile, folder) = match profile {
        Profile::Dev => ("dev", "debug"),
        Profile::Release => ("wasm-release", "wasm-release"),
    };
    progress::step("Compiling the browser's module", || {
        compiler
            // Asked for here and not in the crate's manifest: a crate that is also a cdylib has no hash in its file name,
            // and builds with other features would overwrite each other.
            .cargo(workshop, "rustc")
            .args(["--package", "app", "--lib", "--crate-type", "cdylib"])
            .args(["--no-default-features", "--features", "hydrate"])
            .args(["--profile", cargo_profile])
            .show(workshop)
    })?;
    Ok(compiler.module(workshop, "app", folder))
}

fn bind(compiled: &Path, into: &Path, profile: Profile) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name("waymark").typescript(false).debug(profile == Profile::Dev);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(into)).input("bind the browser's module to JavaScript")
}

fn optimise(workshop: &Workshop, module: &Path) -> Result<()> {
    let small = module.with_extension("small");
    Tool::new(node::bin(workshop, "wasm-opt"))
        .arg(module)
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        .args(FEATURES.map(|feature| format!("--enable-{feature}")))
        .arg("--output")
        .arg(&small)
        .quiet(workshop)?;
    fs::rename(&small, module).world("replace the module by the small one")
}

fn place(bound: &Path, stage: &Path) -> Result<()> {
    fs::rename(bound.join("waymark_bg.wasm"), stage.join("waymark.wasm")).world("place the module")?;
    fs::rename(bound.join("waymark.js"), stage.join("waymark.js")).world("place the module's script")?;
    let snippets = stage.join("snippets");
    if snippets.exists() {
        fs::remove_dir_all(&snippets).world("remove old snippets")?;
    }
    if bound.join("snippets").exists() {
        fs::rename(bound.join("snippets"), snippets).world("place the snippets")?;
    }
    Ok(())
}
