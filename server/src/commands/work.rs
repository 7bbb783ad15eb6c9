//! `waymark work`

use std::time::Duration;

use backend::{Db, DbSettings, access};

use super::{Failure, serve::bind};
use crate::{
    config::{AccessConfig, WorkConfig, process_env},
    listen,
    operations::{self, Operations},
    shutdown::{self, Shutdown},
    telemetry,
};

const CONNECTIONS: u32 = 10;
/// How often rows that cannot come alive again are removed.
const PURGE_EVERY: Duration = Duration::from_secs(600);

pub(crate) async fn run() -> Result<(), Failure> {
    telemetry::start_logs(std::env::var("WAYMARK_LOG").ok());
    let config = WorkConfig::from_env(process_env()).map_err(Failure::Config)?;
    let metrics = telemetry::start_metrics();
    let shutdown = shutdown::on_signals().map_err(|e| Failure::World(format!("signals: {e}")))?;
    let ops = bind(config.operations.listen).await?;
    let db = Db::connect(&DbSettings {
        url: config.database_url.expose().to_owned(),
        max_connections: CONNECTIONS,
    })?;
    tracing::info!("working");
    let operations = Operations { db: db.clone(), metrics, shutdown: shutdown.clone() };
    tokio::join!(
        listen::serve(ops, operations::router(operations), shutdown.clone()),
        purge_sessions(db, config.access, shutdown),
    );
    Ok(())
}

async fn purge_sessions(db: Db, access: AccessConfig, mut shutdown: Shutdown) {
    let mut every = tokio::time::interval(PURGE_EVERY);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            () = shutdown.requested() => return,
        }
        if let Err(error) = access::purge_ended(&db, &access.session_life).await {
            tracing::warn!(%error, "ended sessions were not removed");
        }
    }
}
