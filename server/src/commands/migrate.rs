//! `waymark migrate`

use super::Failure;
use crate::config::{MigrateConfig, process_env};

pub(crate) async fn run() -> Result<(), Failure> {
    let config = MigrateConfig::from_env(process_env()).map_err(Failure::Config)?;
    match backend::migrate(config.database_url.expose()).await? {
        0 => println!("The schema is up to date."),
        1 => println!("Applied one migration."),
        n => println!("Applied {n} migrations."),
    }
    Ok(())
}
