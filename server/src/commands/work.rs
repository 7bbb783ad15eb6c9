//! `waymark work`

use std::{sync::Arc, time::Duration};

use backend::{
    Db, DbSettings, access,
    catalog::{self, changing, living, running},
    cluster::{self, Cluster, Kubeconfig},
    delivery,
    git_host::{self, GitHost, Webhook},
    idempotency,
    kustomize::Kustomize,
    maturity, provisioning,
    renderer::Renderer,
    scaffold::{Planner, PlannerSettings, Platform, Worker},
    webhooks,
};

use super::{Failure, serve::bind};
use crate::{
    config::{AccessConfig, GitConfig, PlanConfig, WebhookConfig, WorkConfig, process_env},
    listen,
    operations::{self, Operations},
    shutdown::{self, Shutdown},
    telemetry,
};

const CONNECTIONS: u32 = 20;
/// How often rows that cannot come alive again are removed.
const PURGE_EVERY: Duration = Duration::from_secs(600);
/// A lease ends at most this late.
const LEASES_EVERY: Duration = Duration::from_secs(5);
/// What a killed worker left behind is removed once it is older than any push can be.
const LEFTOVER: Duration = Duration::from_secs(3600);
/// The one cluster that configuration can name.
const CLUSTER: &str = "local";

pub(crate) async fn run() -> Result<(), Failure> {
    let config = WorkConfig::from_env(process_env()).map_err(Failure::Config)?;
    telemetry::start_logs(&config.log);
    let metrics = telemetry::start_metrics();
    let shutdown = shutdown::on_signals().map_err(|e| Failure::World(format!("signals: {e}")))?;
    let ops = bind(config.operations.listen).await?;
    let db = Db::connect(&DbSettings { url: config.database_url.expose().to_owned(), max_connections: CONNECTIONS })?;
    let name = format!("worker-{}", std::process::id());
    tracing::info!(name, "working");
    let operations = Operations { db: db.clone(), metrics, shutdown: shutdown.clone() };
    let engines = Engines::connect(&config).await?;
    let interval = config.cluster.as_ref().map(|cluster| cluster.delivery_interval);
    let evidence = maturity::Sources { git_host: engines.git_host.clone(), cluster: engines.cluster.clone() };
    let _ = tokio::join!(
        listen::serve(ops, operations::router(operations), shutdown.clone()),
        telemetry::measure_queues(db.clone(), shutdown.clone()),
        purge_sessions(db.clone(), config.access, shutdown.clone()),
        end_leases(db.clone(), shutdown.clone()),
        maturity::run(db.clone(), evidence, shutdown.flag()),
        carry_out_runs(db.clone(), &engines, name.clone(), shutdown.clone()),
        answer_plans(db.clone(), &engines, &config.git, config.plans, shutdown.clone()),
        keep_namespaces(db.clone(), &engines, name.clone(), shutdown.clone()),
        read_sources(db.clone(), &engines, &config.git, name.clone(), shutdown.clone()),
        follow_clusters(db.clone(), &engines, shutdown.clone()),
        keep_deliveries(db, &engines, interval, name, shutdown),
    );
    Ok(())
}

/// What the worker acts on; what is not configured is waited for.
struct Engines {
    git_host: Option<Arc<dyn GitHost>>,
    cluster: Option<Cluster>,
    webhook: Option<Webhook>,
}

impl Engines {
    async fn connect(config: &WorkConfig) -> Result<Self, Failure> {
        let git_host = match &config.git {
            Some(git) => Some(git_host::connect(&git.settings())?),
            None => None,
        };
        let cluster = match &config.cluster {
            Some(cluster) => Some(cluster::connect(CLUSTER, &Kubeconfig::File(cluster.kubeconfig.clone())).await?),
            None => None,
        };
        let webhook = config.webhook.as_ref().map(WebhookConfig::webhook);
        if git_host.is_some() && webhook.is_none() {
            tracing::warn!("WAYMARK_WEBHOOK_SECRET is not set: pushes are found by looking");
        }
        Ok(Self { git_host, cluster, webhook })
    }
}

async fn carry_out_runs(db: Db, engines: &Engines, name: String, shutdown: Shutdown) {
    let Some(git_host) = engines.git_host.clone() else {
        tracing::warn!("WAYMARK_GIT_URL is not set: runs are accepted and wait");
        return;
    };
    git_host::remove_leftovers(LEFTOVER);
    let steps = Platform { git_host, webhook: engines.webhook.clone() };
    Worker { db, name, steps }.run(shutdown.flag()).await;
}

async fn answer_plans(
    db: Db,
    engines: &Engines,
    git: &Option<GitConfig>,
    config: Option<PlanConfig>,
    shutdown: Shutdown,
) {
    let (Some(git_host), Some(git), Some(config)) = (engines.git_host.clone(), git, config) else {
        tracing::warn!("WAYMARK_GIT_URL or WAYMARK_STARTER_IMAGE is not set: plans are accepted and wait");
        return;
    };
    let planner = Planner {
        db,
        git_host,
        cluster: engines.cluster.clone(),
        renderer: Renderer::of_this_program(),
        kustomize: Kustomize::at(config.kustomize),
        settings: PlannerSettings {
            git_url: git.url.as_str().trim_end_matches('/').to_owned(),
            cluster: CLUSTER.to_owned(),
            starter: config.starter,
            makes_webhooks: engines.webhook.is_some(),
        },
    };
    // One long plan does not hold up the others.
    tokio::join!(planner.run(shutdown.flag()), planner.run(shutdown.flag()));
}

async fn keep_namespaces(db: Db, engines: &Engines, worker: String, shutdown: Shutdown) {
    let Some(cluster) = engines.cluster.clone() else {
        tracing::warn!("WAYMARK_KUBECONFIG is not set: namespaces are accepted and wait");
        return;
    };
    let settings = provisioning::WorkerSettings { worker, ..provisioning::WorkerSettings::default() };
    provisioning::run(db, cluster, settings, shutdown.flag()).await;
}

async fn follow_clusters(db: Db, engines: &Engines, shutdown: Shutdown) {
    // What is missing was said by the other loops.
    let Some(cluster) = engines.cluster.clone() else { return };
    running::run(db, cluster, shutdown.flag()).await;
}

async fn keep_deliveries(db: Db, engines: &Engines, source_interval: Option<u32>, worker: String, shutdown: Shutdown) {
    // What is missing was said by the other loops.
    let (Some(cluster), Some(git_host), Some(source_interval)) =
        (engines.cluster.clone(), engines.git_host.clone(), source_interval)
    else {
        return;
    };
    let webhook = engines.webhook.clone();
    let settings = delivery::WorkerSettings { worker, source_interval, webhook, ..Default::default() };
    delivery::run(db, cluster, git_host, settings, shutdown.flag()).await;
}

async fn read_sources(db: Db, engines: &Engines, git: &Option<GitConfig>, worker: String, shutdown: Shutdown) {
    // What is missing was said by the other loops.
    let (Some(git_host), Some(git)) = (engines.git_host.clone(), git) else { return };
    let webhook = engines.webhook.clone();
    let settings = living::WorkerSettings { webhook, ..living::WorkerSettings::new(worker, git.url.clone()) };
    living::run(db, git_host, settings, shutdown.flag()).await;
}

async fn end_leases(db: Db, mut shutdown: Shutdown) {
    let mut every = tokio::time::interval(LEASES_EVERY);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            () = shutdown.requested() => return,
        }
        match provisioning::leases::end_due(&db).await {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "leases have ended"),
            Err(error) => tracing::warn!(%error, "leases that are over were not ended"),
        }
    }
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
        if let Err(error) = access::purge_tokens(&db).await {
            tracing::warn!(%error, "tokens that are over were not removed");
        }
        if let Err(error) = idempotency::purge(&db).await {
            tracing::warn!(%error, "answers of yesterday were not removed");
        }
        if let Err(error) = webhooks::purge(&db).await {
            tracing::warn!(%error, "events of last week were not removed");
        }
        if let Err(error) = living::purge_imports(&db).await {
            tracing::warn!(%error, "imports of last month were not removed");
        }
        if let Err(error) = catalog::purge_removed(&db).await {
            tracing::warn!(%error, "entities that were taken out a month ago were not deleted");
        }
        if let Err(error) = catalog::add_up_revisions(&db).await {
            tracing::warn!(%error, "the numbers of changes to the catalog were not added up");
        }
        if let Err(error) = changing::purge_change_drafts(&db).await {
            tracing::warn!(%error, "forms of entities that nobody came back for were not removed");
        }
        if let Err(error) = access::purge_forms(&db).await {
            tracing::warn!(%error, "forms that nobody came back for were not removed");
        }
    }
}
