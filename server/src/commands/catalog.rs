//! `waymark catalog import`

use std::path::PathBuf;

use backend::{
    Db, DbSettings,
    audit::Actor,
    catalog::{self, Imported},
};
use clap::Subcommand;

use super::Failure;
use crate::config::{MigrateConfig, process_env};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take the entities of files over into the catalog; all of a file or nothing of it.
    Import {
        /// YAML files in the catalog's entity format, any number of documents each
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

pub(crate) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Import { files } = command;
    let config = MigrateConfig::from_env(process_env()).map_err(Failure::Config)?;
    let db = Db::connect(&DbSettings { url: config.database_url.expose().to_owned(), max_connections: 1 })?;
    for file in files {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(&file)
            .map_err(|error| Failure::Finding(format!("{name}:1:1: file: it cannot be read ({error})")))?;
        let entities = catalog::read(&text).map_err(|finding| {
            Failure::Finding(format!("{name}:{}:{}: entity: {}", finding.line, finding.column, finding.message))
        })?;
        let origin = format!("file:{}", file.file_name().unwrap_or_default().to_string_lossy());
        let actor = Actor::System("catalog-import");
        let Imported { added, changed, unchanged } = catalog::import(&db, &actor, &origin, &entities).await?;
        println!("{name}: {added} added, {changed} changed, {unchanged} as they were");
    }
    Ok(())
}
