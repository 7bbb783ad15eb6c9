//! What is compiled in from outside the crate: the migrations, which cargo does not see by itself, and the template
//! engine of the golden paths, which comes from the npm packages of the lock file.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

const BUNDLE: &str = "node_modules/nunjucks/browser/nunjucks.js";
const EXPECTED: &str = "Browser bundle of nunjucks 3.2.4";

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-env-changed=WAYMARK_NUNJUCKS");
    let bundle = env::var_os("WAYMARK_NUNJUCKS").map_or_else(|| Path::new("..").join(BUNDLE), PathBuf::from);
    println!("cargo:rerun-if-changed={}", bundle.display());
    if let Err(message) = embed(&bundle) {
        println!("cargo::error={message}");
        process::exit(1);
    }
}

fn embed(bundle: &Path) -> Result<(), String> {
    let source = fs::read_to_string(bundle).map_err(|error| {
        format!(
            "The template engine of the golden paths is not at {}: {error}. Run `npm ci` in the project's folder, or \
             build with `cargo xtask`, which does it; elsewhere set WAYMARK_NUNJUCKS to the bundle.",
            bundle.display()
        )
    })?;
    if !source.lines().next().is_some_and(|first| first.contains(EXPECTED)) {
        return Err(format!("{} does not begin with `{EXPECTED}`. Run `npm ci`.", bundle.display()));
    }
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or("cargo sets no OUT_DIR")?;
    fs::write(out.join("nunjucks.js"), source).map_err(|error| format!("cannot write the template engine: {error}"))
}
