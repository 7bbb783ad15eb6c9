//! `waymark budget import`

use std::path::PathBuf;

use backend::{Error, audit::Actor, golden_paths::read_yaml, provisioning};
use clap::Subcommand;
use serde::Deserialize;

use super::{Failure, database};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set how many accelerators teams may be promised.
    Import {
        /// A YAML list of {team, cluster, resource, amount}; what it does not name stays as it is
        file: PathBuf,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    team: String,
    cluster: String,
    /// As nodes call it, such as `nvidia.com/gpu`.
    resource: String,
    amount: u16,
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Import { file } = command;
    let db = database(1)?;
    let name = file.display().to_string();
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::Finding(format!("{name}:1:1: file: it cannot be read ({error})")))?;
    let document = read_yaml(&text).map_err(|fault| {
        Failure::Finding(format!("{name}:{}:{}: yaml-syntax: {}", fault.place.line, fault.place.column, fault.message))
    })?;
    let budgets: Vec<Budget> = serde_json::from_value(document.to_value())
        .map_err(|error| Failure::Finding(format!("{name}:1:1: budget: {error}")))?;
    let actor = Actor::System("budget-import");
    for budget in &budgets {
        let Budget { team, cluster, resource, amount } = budget;
        let set = provisioning::set_budget(&db, &actor, team, cluster, resource, u32::from(*amount)).await;
        match set {
            Err(Error::Invalid(errors)) => {
                let said: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
                return Err(Failure::Finding(format!("{name}:1:1: budget: {}", said.join(" "))));
            }
            other => other?,
        }
    }
    println!("{name}: {} budgets", budgets.len());
    Ok(())
}
