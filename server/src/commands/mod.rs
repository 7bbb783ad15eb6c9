//! The sub-commands. Exit 0 when fine, 1 when the input is at fault, 2 for wrong usage, 3 when the world is.

mod audit;
mod budget;
mod catalog;
mod check_config;
mod maturity;
mod migrate;
mod path;
mod publish;
mod render;
mod serve;
mod work;

use std::process::ExitCode;

use backend::{Db, DbSettings};
use clap::{Parser, Subcommand};

use crate::config::{MigrateConfig, Problem, process_env};

/// The command line of `waymark`.
#[derive(Debug, Parser)]
#[command(name = "waymark", version, about = "An internal developer platform", propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Render texts of golden paths: the platform starts this for itself.
    #[command(hide = true)]
    Render,
    #[command(flatten)]
    Threaded(Threaded),
}

/// What runs on several threads.
#[derive(Debug, Subcommand)]
enum Threaded {
    /// Answer browsers and programs. Holds no cluster and no Git credential.
    Serve,
    /// Carry out what was accepted and keep the world equal to what was declared.
    Work,
    /// Bring the database to the schema of this version.
    Migrate,
    /// Say everything that is wrong with the configuration, without starting anything.
    CheckConfig {
        /// Which process the configuration is for.
        #[arg(long, value_enum, default_value_t = check_config::Process::Serve)]
        process: check_config::Process,
    },
    /// The catalog.
    Catalog {
        #[command(subcommand)]
        command: catalog::Command,
    },
    /// How many accelerators teams may be promised.
    Budget {
        #[command(subcommand)]
        command: budget::Command,
    },
    /// The audit trail.
    Audit {
        #[command(subcommand)]
        command: audit::Command,
    },
    /// Levels of maturity.
    Maturity {
        #[command(subcommand)]
        command: maturity::Command,
    },
    /// Golden paths in a folder.
    Path {
        #[command(subcommand)]
        command: path::Command,
    },
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The configuration is at fault.
    Config(Vec<Problem>),
    /// What was checked does not hold.
    Finding(String),
    /// Something outside is at fault.
    World(String),
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let command = match Cli::parse().command {
        // The fence around the renderer holds a process of one thread.
        Command::Render => return render::run().map_or_else(report, |()| ExitCode::SUCCESS),
        Command::Threaded(command) => command,
    };
    // Every TLS connection of this process uses ring; without this the first one would fail.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report(Failure::World(format!("cannot start: {error}"))),
    };
    let outcome = runtime.block_on(async {
        match command {
            Threaded::Serve => serve::run().await,
            Threaded::Work => work::run().await,
            Threaded::Migrate => migrate::run().await,
            Threaded::CheckConfig { process } => check_config::run(process),
            Threaded::Catalog { command } => catalog::run(command).await,
            Threaded::Budget { command } => budget::run(command).await,
            Threaded::Audit { command } => audit::run(command).await,
            Threaded::Maturity { command } => maturity::run(command),
            Threaded::Path { command } => path::run(command).await,
        }
    });
    outcome.map_or_else(report, |()| ExitCode::SUCCESS)
}

/// The database that `DATABASE_URL` names, for a command that does so many things at once.
fn database(at_once: u32) -> Result<Db, Failure> {
    let config = MigrateConfig::from_env(process_env()).map_err(Failure::Config)?;
    Ok(Db::connect(&DbSettings { url: config.database_url.expose().to_owned(), max_connections: at_once })?)
}

fn report(failure: Failure) -> ExitCode {
    match failure {
        Failure::Config(problems) => {
            eprintln!("The configuration has {} to mend:", count(problems.len()));
            for problem in problems {
                eprintln!("  {problem}");
            }
            ExitCode::from(1)
        }
        Failure::Finding(text) => {
            println!("{text}");
            ExitCode::from(1)
        }
        Failure::World(text) => {
            eprintln!("{text}");
            ExitCode::from(3)
        }
    }
}

fn count(n: usize) -> String {
    if n == 1 { "one thing".to_owned() } else { format!("{n} things") }
}

impl From<backend::Error> for Failure {
    fn from(error: backend::Error) -> Self {
        Self::World(error.to_string())
    }
}
