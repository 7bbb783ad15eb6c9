//! The front end: style sheet, the browser's module and the font, under names that change with their content.

mod assets;
mod css;
mod module;

use std::fs;
use std::path::PathBuf;

use crate::failure::{Result, While};
use crate::progress;
use crate::tools::{node, wasm};
use crate::workshop::Workshop;

pub(crate) use assets::Manifest;

/// How much is spent on making the result small and fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Builds quickly.
    Dev,
    /// What people get.
    Release,
}

impl Profile {
    pub(crate) fn of(release: bool) -> Self {
        if release { Self::Release } else { Self::Dev }
    }

    /// The folder's name under `target/`.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// A built front end.
#[derive(Debug)]
pub(crate) struct Site {
    /// The folder that holds `pkg/`.
    pub(crate) folder: PathBuf,
    /// Plain names and the names with the content's hash.
    pub(crate) manifest: Manifest,
}

/// Builds what has changed and answers where the site lies.
pub(crate) fn build(workshop: &Workshop, profile: Profile) -> Result<Site> {
    node::set_up(workshop)?;
    let compiler = wasm::Compiler::set_up(workshop)?;
    let folder = workshop.target("site").join(profile.folder());
    let stage = folder.join("stage");
    fs::create_dir_all(&stage).world("make the front end's folder")?;

    css::build(workshop, &stage)?;
    css::copy_font(workshop, &stage)?;
    module::build(workshop, &compiler, profile, &stage)?;
    let manifest = assets::publish(&stage, &folder.join("pkg"), profile)?;
    progress::note(&format!("The front end lies in {}.", folder.display()));
    Ok(Site { folder, manifest })
}
