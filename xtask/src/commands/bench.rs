//! `cargo xtask bench [NAME]`: figures beside their budgets.

use std::process::ExitCode;

use clap::ValueEnum;

use crate::bench;
use crate::cli;
use crate::failure::Result;
use crate::workshop::Workshop;

pub(crate) fn bench(workshop: &Workshop, wanted: &cli::Bench) -> Result<ExitCode> {
    let all = bench::Bench::value_variants().iter().copied();
    for bench in all.filter(|bench| wanted.name.is_none_or(|name| name == *bench)) {
        let rows = bench.measure(workshop)?;
        let name = bench.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        print!("{name}\n{}", bench::table(&rows));
    }
    Ok(ExitCode::SUCCESS)
}
