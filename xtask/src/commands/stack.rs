//! `cargo xtask stack up|down|status`.

use std::process::ExitCode;

use super::{run, stop};
use crate::cli::{Down, Run, Stack, Status};
use crate::failure::{Result, While};
use crate::stack;
use crate::workshop::Workshop;

pub(crate) fn stack(workshop: &Workshop, command: Stack) -> Result<ExitCode> {
    match command {
        Stack::Up(up) => run::run(workshop, &Run { detach: true, ..up }),
        Stack::Down(command) => down(workshop, &command),
        Stack::Status(command) => status(workshop, &command),
    }
}

fn down(workshop: &Workshop, command: &Down) -> Result<ExitCode> {
    let code = stop::stop(workshop, &command.place)?;
    if command.purge {
        stack::purge(&command.place.folder(workshop))?;
    }
    Ok(code)
}

fn status(workshop: &Workshop, command: &Status) -> Result<ExitCode> {
    let status = stack::status::read(&command.place.folder(workshop))?;
    if command.json {
        println!("{}", serde_json::to_string_pretty(&status).world("write the status")?);
    } else {
        println!("{status}");
    }
    Ok(ExitCode::SUCCESS)
}
