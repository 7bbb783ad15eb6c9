//! How we build: `cargo xtask …`. Each module is one thing that setting up, building, running or testing needs.

mod bench;
mod checks;
mod cli;
mod commands;
mod engines;
mod failure;
mod fingerprint;
mod frontend;
mod interrupt;
mod packages;
mod progress;
mod stack;
mod tool;
mod tools;
mod workshop;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::failure::Result;
use crate::interrupt::Interrupt;
use crate::workshop::Workshop;

fn main() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit_code()
        }
    }
}

fn dispatch(command: Command) -> Result<ExitCode> {
    // Before anything listens for signals: what is started must find them as every program does.
    if let Command::Launch(launch) = &command {
        stack::launch::become_program(launch)?;
    }
    let workshop = Workshop::open(Interrupt::install()?)?;
    match command {
        Command::Run(run) => commands::run::run(&workshop, &run),
        Command::Stop(place) => commands::stop::stop(&workshop, &place),
        Command::Test(test) => commands::test::test(&workshop, &test),
        Command::Bench(bench) => commands::bench::bench(&workshop, &bench),
        Command::Chaos(chaos) => commands::chaos::chaos(&workshop, &chaos),
        Command::Build(build) => commands::build::build(&workshop, &build),
        Command::Stack(command) => commands::stack::stack(&workshop, command),
        Command::SqlxPrepare => commands::sqlx_prepare::sqlx_prepare(&workshop),
        Command::Launch(_) => Ok(ExitCode::SUCCESS),
    }
}
