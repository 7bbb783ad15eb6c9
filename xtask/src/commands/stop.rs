//! `cargo xtask stop`: ends a stack and keeps its data.

use std::process::ExitCode;

use crate::cli::Place;
use crate::failure::Result;
use crate::progress;
use crate::stack;
use crate::workshop::Workshop;

pub(crate) fn stop(workshop: &Workshop, place: &Place) -> Result<ExitCode> {
    let folder = place.folder(workshop);
    if stack::stop(workshop, &folder)? {
        progress::note(&format!("The stack of {} has ended; its data are kept.", folder.display()));
    } else {
        progress::note(&format!("No stack runs from {}.", folder.display()));
    }
    Ok(ExitCode::SUCCESS)
}
