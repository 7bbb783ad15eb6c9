//! The files that belong to the project, as git sees them: known or new, and not ignored.

use std::path::PathBuf;

use crate::failure::Result;
use crate::tool::Tool;
use crate::workshop::Workshop;

/// Paths relative to the source tree.
pub(super) fn files(workshop: &Workshop) -> Result<Vec<PathBuf>> {
    let said = Tool::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(workshop.root())
        .quiet(workshop)?;
    let mut files: Vec<PathBuf> = said.split_terminator('\0').map(PathBuf::from).collect();
    // A file that was removed but not yet committed is still known.
    files.retain(|file| workshop.path(file).is_file());
    files.sort();
    files.dedup();
    Ok(files)
}
