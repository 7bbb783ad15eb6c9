//! `waymark serve`

use std::sync::Arc;

use backend::{Db, DbSettings, scaffold::RunNews};
use leptos::config::LeptosOptions;
use tokio::net::TcpListener;

use super::Failure;
use crate::{
    auth::Provider,
    config::{ServeConfig, process_env},
    edge::Limits,
    listen,
    operations::{self, Operations},
    router, shutdown,
    site::Site,
    state::AppState,
    telemetry,
};

const CONNECTIONS: u32 = 20;

pub(crate) async fn run() -> Result<(), Failure> {
    let config = ServeConfig::from_env(process_env()).map_err(Failure::Config)?;
    telemetry::start_logs(&config.log);
    let metrics = telemetry::start_metrics();
    let shutdown = shutdown::on_signals().map_err(|e| Failure::World(format!("signals: {e}")))?;
    let web = bind(config.http.listen).await?;
    let ops = bind(config.operations.listen).await?;
    let state = state(config, shutdown.clone())?;
    let operations = Operations { db: state.db.clone(), metrics, shutdown: shutdown.clone() };
    tracing::info!(address = %state.public_url.origin(), "serving");
    let (db, news, limits) = (state.db.clone(), state.run_news.clone(), state.limits.clone());
    let web = listen::serve(web, router::router(state), shutdown.clone());
    let ops = listen::serve(ops, operations::router(operations), shutdown.clone());
    let _ = tokio::join!(web, ops, news.listen(&db, shutdown.flag()), limits.forget(shutdown.clone()));
    Ok(())
}

fn state(config: ServeConfig, shutdown: shutdown::Shutdown) -> Result<AppState, Failure> {
    let world = |error: &dyn std::fmt::Display| Failure::World(error.to_string());
    let public_url = config.http.public_url;
    let provider_origin: Arc<str> = config.oidc.origin().into();
    let db = Db::connect(&DbSettings { url: config.database_url.expose().to_owned(), max_connections: CONNECTIONS })?;
    Ok(AppState {
        db,
        provider: Provider::new(config.oidc, public_url.clone()).map_err(|e| world(&e))?,
        public_url,
        role_groups: Arc::new(config.access.role_groups),
        session_life: config.access.session_life,
        run_news: RunNews::default(),
        provider_origin,
        site: Site::read(&config.http.site_dir).map_err(|e| world(&e))?,
        shutdown,
        kubectl_login: config.kubectl_login.map(Arc::new),
        webhook_secret: config.webhook_secret.map(|secret| secret.expose().to_owned().into()),
        limits: Limits::new(&config.limits),
        leptos_options: LeptosOptions::builder().output_name("waymark").build(),
    })
}

pub(super) async fn bind(address: std::net::SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::World(format!(
            "{address} is not free ({error}); choose another with WAYMARK_LISTEN or WAYMARK_OPS_LISTEN"
        ))
    })
}
