//! Node and the npm packages of the lock file: style sheet, wasm optimiser, journeys, the local identity provider.

use std::fs;
use std::path::PathBuf;

use super::on_path;
use crate::failure::{Failure, Result, While};
use crate::tool::Tool;
use crate::workshop::Workshop;
use crate::{packages, progress};

/// What the packages in the lock file ask for.
const OLDEST: (u32, u32) = (20, 19);

/// Makes sure that Node is there and that `node_modules` holds what the lock file says.
pub(crate) fn set_up(workshop: &Workshop) -> Result<()> {
    if is_current(workshop)? {
        return Ok(());
    }
    refuse_link(workshop)?;
    if on_path("node").is_none() || on_path("npm").is_none() {
        packages::install(workshop, &["nodejs", "npm"], "the front end")?;
    }
    check_version(workshop)?;
    progress::step("Installing the npm packages of the lock file", || {
        Tool::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(workshop.root())
            .quiet(workshop)
            .map(drop)
    })
}

/// A program that an npm package brings along.
pub(crate) fn bin(workshop: &Workshop, name: &str) -> PathBuf {
    workshop.path("node_modules/.bin").join(name)
}

/// npm empties the folder before it installs, and through a link that folder is somebody else's.
fn refuse_link(workshop: &Workshop) -> Result<()> {
    let modules = workshop.path("node_modules");
    if modules.is_symlink() {
        return Err(Failure::input(format!(
            "{} is a link, and `npm ci` would empty the folder behind it. Remove the link, then run this again.",
            modules.display()
        )));
    }
    Ok(())
}

/// npm writes its own record of what it installed; older than the lock file means out of date.
fn is_current(workshop: &Workshop) -> Result<bool> {
    let lock = workshop.path("package-lock.json");
    let wanted = fs::metadata(&lock).and_then(|file| file.modified()).input(format_args!("read {}", lock.display()))?;
    let installed = fs::metadata(workshop.path("node_modules/.package-lock.json")).and_then(|file| file.modified());
    Ok(installed.is_ok_and(|installed| installed >= wanted))
}

fn check_version(workshop: &Workshop) -> Result<()> {
    let said = Tool::new("node").arg("--version").quiet(workshop)?;
    match parse_version(said.trim()) {
        Some(version) if version >= OLDEST => Ok(()),
        _ => Err(Failure::world(format!(
            "Node {} is too old: {}.{} or newer is needed. Install one from https://nodejs.org, then run this again.",
            said.trim(),
            OLDEST.0,
            OLDEST.1
        ))),
    }
}

fn parse_version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        assert_eq!(parse_version("v20.19.2"), Some((20, 19)));
        assert!(parse_version("v20.9.0").unwrap() < OLDEST);
        assert!(parse_version("v18.20.4").unwrap() < OLDEST);
        assert!(parse_version("v24.0.0").unwrap() >= OLDEST);
        assert_eq!(parse_version("20"), None);
    }
}
