//! `waymark audit verify`

use backend::audit::{Verdict, verify};
use clap::Subcommand;

use super::{Failure, database};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Recompute the whole chain and say where it breaks, if it does.
    Verify,
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Verify = command;
    let db = database(1)?;
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
