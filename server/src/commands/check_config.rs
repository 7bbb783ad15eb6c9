//! `waymark check-config`

use clap::ValueEnum;

use super::Failure;
use crate::config::{ServeConfig, WorkConfig, process_env};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Process {
    Serve,
    Work,
}

pub(crate) fn run(process: Process) -> Result<(), Failure> {
    match process {
        Process::Serve => ServeConfig::from_env(process_env()).map(drop),
        Process::Work => WorkConfig::from_env(process_env()).map(drop),
    }
    .map_err(Failure::Config)?;
    println!("The configuration is complete.");
    Ok(())
}
