//! The browser that the journeys run in.

use std::path::PathBuf;

use super::on_path;
use crate::failure::{Failure, Result};
use crate::packages;
use crate::workshop::Workshop;

/// Answers the path of Debian's Chromium, installing it where it is missing.
pub(crate) fn set_up(workshop: &Workshop) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    packages::install(workshop, &["chromium", "fonts-liberation"], "the browser journeys")?;
    find().ok_or_else(|| Failure::world("Chromium is still not on `PATH` after its installation. Install it by hand."))
}

fn find() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].into_iter().find_map(on_path)
}
