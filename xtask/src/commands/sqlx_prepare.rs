//! `cargo xtask sqlx-prepare`: writes the record of all checked queries anew.

use std::process::ExitCode;

use crate::checks::queries;
use crate::failure::Result;
use crate::stack::{Running, ports};
use crate::tools::node;
use crate::workshop::Workshop;

pub(crate) fn sqlx_prepare(workshop: &Workshop) -> Result<ExitCode> {
    node::set_up(workshop)?;
    let mut running = Running::open(workshop, &workshop.target("queries-stack"), Some(ports::unused_web()?))?;
    let outcome = running.start_database(workshop).and_then(|database| queries::record(workshop, &database));
    let ended = outcome.as_ref().map(drop).map_err(crate::failure::Failure::again);
    running.close(&ended)?;
    println!("{} queries are recorded.", outcome?);
    Ok(ExitCode::SUCCESS)
}
