//! `waymark maturity evaluate`: the function behind every level, for those who write rules.

use std::{fs, path::PathBuf};

use backend::maturity::read_bundle;
use clap::Subcommand;
use domain::{
    golden_paths::Finding,
    maturity::{Fault, evaluate, moment, warnings},
};
use serde_json::json;
use time::OffsetDateTime;

use super::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compute levels from one document of rules, subjects and facts, and print them as JSON.
    Evaluate {
        /// The document, in YAML or JSON.
        #[arg(value_name = "BUNDLE", value_parser = file)]
        bundle: PathBuf,
        /// The time to evaluate for instead of the one in the document, such as 2026-05-01T00:00:00Z.
        #[arg(long, value_name = "T", value_parser = time_of)]
        as_of: Option<OffsetDateTime>,
        /// Print what is wrong with the document as JSON as well.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(command: Command) -> Result<(), Failure> {
    let Command::Evaluate { bundle, as_of, json } = command;
    let name = bundle.display().to_string();
    let bytes = fs::read(&bundle).map_err(|error| Failure::World(format!("Cannot read {name}: {error}.")))?;
    let text = String::from_utf8_lossy(&bytes);
    let bundle = read_bundle(&text, as_of).map_err(|faults| found(&name, faults, json))?;
    for warning in warnings(&bundle) {
        eprintln!("{warning}");
    }
    let report = serde_json::to_string(&evaluate(&bundle))
        .map_err(|error| Failure::World(format!("Cannot write the report: {error}.")))?;
    println!("{report}");
    Ok(())
}

fn found(file: &str, faults: Vec<Fault>, json: bool) -> Failure {
    let findings: Vec<Finding> =
        faults.into_iter().map(|fault| Finding::new(file, fault.place, fault.rule, fault.message)).collect();
    Failure::Finding(if json {
        json!({ "findings": findings }).to_string()
    } else {
        findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
    })
}

fn file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_file() { Ok(path) } else { Err("there is no such file: name a bundle".into()) }
}

fn time_of(text: &str) -> Result<OffsetDateTime, String> {
    moment(text).ok_or_else(|| "write a time such as 2026-05-01T00:00:00Z".into())
}
