//! What a person types after `cargo xtask`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::bench;
use crate::stack::launch::Launch;
use crate::workshop::Workshop;

/// Sets up, builds, runs and tests Waymark. Every command does its own set-up and says what it costs.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build and run everything here: database, sign-in, server and worker
    Run(Run),
    /// End a stack that runs in the background
    Stop(Place),
    /// Run every check and test there is, or the parts that are named
    Test(Test),
    /// Measure what was promised and print it beside its budget
    Bench(Bench),
    /// Kill workers again and again at any moment, on real engines, and count what is there in the end
    Chaos(Chaos),
    /// Build the front end and the `waymark` program
    Build(Build),
    /// Start, end or look at the local stack
    #[command(subcommand)]
    Stack(Stack),
    /// Write the record of all checked queries anew, into `.sqlx/`
    SqlxPrepare,
    /// Become a recorded process of a stack
    #[command(hide = true)]
    Launch(Launch),
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Port of the pages, written down in the state folder [default: 3000]
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// Return when everything is ready; `cargo xtask stop` ends it
    #[arg(long)]
    pub(crate) detach: bool,
    /// Build what people get instead of what builds quickly
    #[arg(long)]
    pub(crate) release: bool,
    /// Be the supervisor that `--detach` leaves behind
    #[arg(long, hide = true, conflicts_with = "detach")]
    pub(crate) supervise: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Place {
    /// Folder of the stack's data, logs, ports and secrets [default: .waymark in the source tree]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Test {
    /// Everything when none is named
    #[arg(value_enum)]
    pub(crate) parts: Vec<Part>,
}

/// The parts of the tests, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Formatting, lints, dependency rules, file sizes, words
    Checks,
    /// The release build of the front end and its size
    Frontend,
    /// Recorded queries, unit and integration tests on a real database
    Rust,
    /// Journeys in a real browser, JavaScript on and off
    Browser,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Bench {
    /// Everything when none is named
    #[arg(value_enum)]
    pub(crate) name: Option<bench::Bench>,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Chaos {
    /// How many workers are killed; a hundred take about six minutes
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) kills: u32,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Build {
    #[arg(long)]
    pub(crate) release: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Stack {
    /// Start it in the background, as `run --detach` does
    Up(Run),
    /// End it and keep its data
    Down(Down),
    /// Say how far it is and where its parts are
    Status(Status),
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Down {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Remove its data, secrets and logs as well
    #[arg(long)]
    pub(crate) purge: bool,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) place: Place,
    /// For programs
    #[arg(long)]
    pub(crate) json: bool,
}

impl Place {
    /// The state folder, absolute: a path that was typed counts from where it was typed.
    pub(crate) fn folder(&self, workshop: &Workshop) -> PathBuf {
        match &self.state {
            Some(given) => std::path::absolute(given).unwrap_or_else(|_| given.clone()),
            None => workshop.path(".waymark"),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::interrupt::Interrupt;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn everything_that_the_readme_names_is_understood() {
        for line in [
            "x run --state here --port 4000 --detach",
            "x stop --state here",
            "x test",
            "x test checks browser",
            "x stack up --port 4000",
            "x stack down --purge",
            "x stack status --json",
            "x bench",
            "x bench warm-run",
            "x chaos --kills 100",
        ] {
            Cli::try_parse_from(line.split(' ')).unwrap();
        }
    }

    #[test]
    fn the_state_folder_lies_in_the_tree_unless_it_is_given() {
        let workshop = Workshop::open(Interrupt::default()).unwrap();
        assert_eq!(Place { state: None }.folder(&workshop), workshop.path(".waymark"));
        let given = Place { state: Some("here".into()) }.folder(&workshop);
        assert_eq!(given, std::env::current_dir().unwrap().join("here"));
    }
}
