//! `waymark work`

use std::time::Duration;

use backend::{
    Db, DbSettings, access, cluster,
    cluster::Kubeconfig,
    delivery, git_host, provisioning,
    scaffold::{Platform, Worker},
};

use super::{Failure, serve::bind};
use crate::{
    config::{AccessConfig, ClusterConfig, GitConfig, WorkConfig, process_env},
    listen,
    operations::{self, Operations},
    shutdown::{self, Shutdown},
    telemetry,
};

const CONNECTIONS: u32 = 20;
/// How often rows that cannot come alive again are removed.
const PURGE_EVERY: Duration = Duration::from_secs(600);
/// What a killed worker left behind is removed once it is older than any push can be.
const LEFTOVER: Duration = Duration::from_secs(3600);
/// The one cluster that configuration can name.
const CLUSTER: &str = "local";

pub(crate) async fn run() -> Result<(), Failure> {
    telemetry::start_logs(std::env::var("WAYMARK_LOG").ok());
    let config = WorkConfig::from_env(process_env()).map_err(Failure::Config)?;
    let metrics = telemetry::start_metrics();
    let shutdown = shutdown::on_signals().map_err(|e| Failure::World(format!("signals: {e}")))?;
    let ops = bind(config.operations.listen).await?;
    let db = Db::connect(&DbSettings { url: config.database_url.expose().to_owned(), max_connections: CONNECTIONS })?;
    let name = format!("worker-{}", std::process::id());
    tracing::info!(name, "working");
    let operations = Operations { db: db.clone(), metrics, shutdown: shutdown.clone() };
    let (_, _, runs, namespaces, deliveries) = tokio::join!(
        listen::serve(ops, operations::router(operations), shutdown.clone()),
        purge_sessions(db.clone(), config.access, shutdown.clone()),
        carry_out_runs(db.clone(), config.git.clone(), name.clone(), shutdown.clone()),
        keep_namespaces(db.clone(), config.cluster.clone(), name.clone(), shutdown.clone()),
        keep_deliveries(db, config.cluster.zip(config.git), name, shutdown),
    );
    runs.and(namespaces).and(deliveries)
}

async fn carry_out_runs(db: Db, git: Option<GitConfig>, name: String, shutdown: Shutdown) -> Result<(), Failure> {
    let Some(git) = git else {
        tracing::warn!("WAYMARK_GIT_URL is not set: runs are accepted and wait");
        return Ok(());
    };
    git_host::remove_leftovers(LEFTOVER);
    let steps = Platform { git_host: git_host::connect(&git.settings())? };
    Worker { db, name, steps }.run(shutdown.flag()).await;
    Ok(())
}

async fn keep_namespaces(
    db: Db,
    config: Option<ClusterConfig>,
    worker: String,
    shutdown: Shutdown,
) -> Result<(), Failure> {
    let Some(config) = config else {
        tracing::warn!("WAYMARK_KUBECONFIG is not set: namespaces are accepted and wait");
        return Ok(());
    };
    let cluster = cluster::connect(CLUSTER, &Kubeconfig::File(config.kubeconfig)).await?;
    let settings = provisioning::WorkerSettings { worker, ..provisioning::WorkerSettings::default() };
    provisioning::run(db, cluster, settings, shutdown.flag()).await?;
    Ok(())
}

async fn keep_deliveries(
    db: Db,
    config: Option<(ClusterConfig, GitConfig)>,
    worker: String,
    shutdown: Shutdown,
) -> Result<(), Failure> {
    // What is missing was said by the other loops.
    let Some((cluster, git)) = config else { return Ok(()) };
    let git_host = git_host::connect(&git.settings())?;
    let source_interval = cluster.delivery_interval;
    let cluster = cluster::connect(CLUSTER, &Kubeconfig::File(cluster.kubeconfig)).await?;
    let settings = delivery::WorkerSettings { worker, source_interval, ..delivery::WorkerSettings::default() };
    delivery::run(db, cluster, git_host, settings, shutdown.flag()).await?;
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
