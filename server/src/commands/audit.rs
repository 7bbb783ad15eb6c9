//! `waymark audit verify`

use backend::{
    Db, DbSettings,
    audit::{Verdict, verify},
};
use clap::Subcommand;

use super::Failure;
use crate::config::{MigrateConfig, process_env};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Recompute the whole chain and say where it breaks, if it does.
    Verify,
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Verify = command;
    let config = MigrateConfig::from_env(process_env()).map_err(Failure::Config)?;
    let db = Db::connect(&DbSettings { url: config.database_url.expose().to_owned(), max_connections: 1 })?;
    match verify(&db).await? {
        Verdict::Intact { entries, head } => {
            let head: String = head.iter().map(|byte| format!("{byte:02x}")).collect();
            println!("The trail holds: {entries} entries, head {head}.");
            Ok(())
        }
        Verdict::Broken(broken) => Err(Failure::Finding(format!("The trail is broken: {broken}."))),
        Verdict::HeadDiffers { entries, head_seq } => Err(Failure::Finding(format!(
            "The trail is broken: its head says {head_seq} entries, and {entries} are there."
        ))),
    }
}
