//! The style sheet, by Tailwind's own generator from the classes in the source, and the font that it names.

use std::fs;
use std::path::Path;

use crate::failure::{Result, While};
use crate::fingerprint::{Fingerprint, Stamp};
use crate::progress;
use crate::tool::Tool;
use crate::tools::node;
use crate::workshop::Workshop;

const INPUT: &str = "style/main.css";
const FONT: &str = "node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2";

/// Writes `waymark.css` into the stage when a class, a token or the generator changed.
pub(super) fn build(workshop: &Workshop, stage: &Path) -> Result<()> {
    let output = stage.join("waymark.css");
    let inputs = Fingerprint::default()
        .folder(&workshop.path("style"))?
        .folder(&workshop.path("app/src"))?
        .file(&workshop.path("package-lock.json"))?
        .finish();
    let stamp = Stamp::at(stage.join("css.stamp"));
    if output.exists() && stamp.says(&inputs) {
        return Ok(());
    }
    progress::step("Building the style sheet", || {
        Tool::new(node::bin(workshop, "tailwindcss"))
            .args(["--minify", "--input", INPUT, "--output"])
            .arg(&output)
            .current_dir(workshop.root())
            .quiet(workshop)
    })?;
    stamp.record(&inputs)
}

/// Puts the font beside the style sheet, as `inter.woff2`.
pub(super) fn copy_font(workshop: &Workshop, stage: &Path) -> Result<()> {
    let from = workshop.path(FONT);
    fs::copy(&from, stage.join("inter.woff2")).world(format_args!("copy {}", from.display())).map(drop)
}
