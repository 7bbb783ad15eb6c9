//! The browser that the journeys run in: the one without a window where there is a choice. It draws the same pages with
//! two thirds of the processor time.

use std::path::PathBuf;

use super::on_path;
use crate::failure::{Failure, Result};
use crate::packages;
use crate::workshop::Workshop;

/// Answers the path of a Chromium, installing Debian's where there is none.
pub(crate) fn set_up(workshop: &Workshop) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let install = |name| packages::install(workshop, &[name, "fonts-liberation"], "the browser journeys");
    // Releases from before 2025 have the one with a window alone.
    install("chromium-headless-shell").or_else(|first| install("chromium").map_err(|_| first))?;
    find().ok_or_else(|| Failure::world("Chromium is still not on `PATH` after its installation. Install it by hand."))
}

fn find() -> Option<PathBuf> {
    ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
        .into_iter()
        .find_map(on_path)
}
