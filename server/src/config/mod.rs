//! Configuration: read from the environment once, checked whole, every problem told at once.

mod access;
mod engines;
mod http;
mod limits;
mod oidc;
mod public_url;
mod vars;
mod webhooks;

use std::collections::BTreeMap;

use backend::{delivery::KubectlLogin, webhooks::Source};

use crate::telemetry::LogFilter;

pub use self::{
    access::AccessConfig,
    engines::{ClusterConfig, GitConfig, PlanConfig},
    http::{HttpConfig, OperationsConfig},
    limits::{LimitsConfig, TrustedProxies},
    oidc::OidcConfig,
    public_url::PublicUrl,
    vars::{Problem, Secret, Vars},
    webhooks::WebhookConfig,
};

/// What `waymark serve` needs. It has no Git or cluster credential, and refuses to be given one.
#[derive(Debug)]
pub struct ServeConfig {
    pub database_url: Secret,
    /// `WAYMARK_LOG`: what is logged, in the syntax of `tracing`
    pub log: LogFilter,
    pub http: HttpConfig,
    pub operations: OperationsConfig,
    pub oidc: OidcConfig,
    pub access: AccessConfig,
    /// Without one, kubeconfigs say whom to ask.
    pub kubectl_login: Option<KubectlLogin>,
    /// `WAYMARK_WEBHOOK_SECRET`: without one, nothing is taken at `/webhooks/…`.
    pub webhook_secret: Option<Secret>,
    pub limits: LimitsConfig,
}

/// What `waymark work` needs. It accepts no requests but those of operations.
#[derive(Debug)]
pub struct WorkConfig {
    pub database_url: Secret,
    /// `WAYMARK_LOG`: what is logged, in the syntax of `tracing`
    pub log: LogFilter,
    pub operations: OperationsConfig,
    pub access: AccessConfig,
    /// Without one, runs wait.
    pub git: Option<GitConfig>,
    /// Without one, namespaces wait.
    pub cluster: Option<ClusterConfig>,
    /// Without one, plans wait.
    pub plans: Option<PlanConfig>,
    /// Without one, pushes are found by looking.
    pub webhook: Option<WebhookConfig>,
}

/// What the commands need that touch the database alone.
#[derive(Debug)]
pub struct MigrateConfig {
    pub database_url: Secret,
}

/// Credentials that belong to the worker alone.
const WORKER_ONLY: [&str; 2] = ["WAYMARK_KUBECONFIG", "WAYMARK_GIT_TOKEN"];
/// Completes "it must be …".
const PUBLIC_URL: &str =
    "an https address without a path, such as https://waymark.example; plain http is for this machine alone";

impl ServeConfig {
    pub fn from_env(env: BTreeMap<String, String>) -> Result<Self, Vec<Problem>> {
        let mut vars = Vars::new(env);
        for name in WORKER_ONLY {
            vars.refuse(name, "the web process holds no cluster or Git credential; give it to `waymark work` alone");
        }
        let config = Self {
            database_url: database_url(&mut vars),
            log: log(&mut vars),
            http: HttpConfig::read(&mut vars),
            operations: OperationsConfig::read(&mut vars, 3001),
            oidc: OidcConfig::read(&mut vars),
            access: AccessConfig::read(&mut vars),
            kubectl_login: access::kubectl_login(&mut vars),
            webhook_secret: webhooks::secret(&mut vars),
            limits: LimitsConfig::read(&mut vars),
        };
        vars.finish(config)
    }
}

impl WorkConfig {
    pub fn from_env(env: BTreeMap<String, String>) -> Result<Self, Vec<Problem>> {
        let mut vars = Vars::new(env);
        let config = Self {
            database_url: database_url(&mut vars),
            log: log(&mut vars),
            operations: OperationsConfig::read(&mut vars, 3002),
            access: AccessConfig::read(&mut vars),
            git: GitConfig::read(&mut vars),
            plans: PlanConfig::read(&mut vars),
            cluster: ClusterConfig::read(&mut vars),
            webhook: WebhookConfig::read(&mut vars, Source::Gitea),
        };
        vars.finish(config)
    }
}

impl MigrateConfig {
    pub fn from_env(env: BTreeMap<String, String>) -> Result<Self, Vec<Problem>> {
        let mut vars = Vars::new(env);
        let config = Self { database_url: database_url(&mut vars) };
        vars.finish(config)
    }
}

fn log(vars: &mut Vars) -> LogFilter {
    vars.parsed("WAYMARK_LOG", LogFilter::default(), "a filter such as info or backend=debug,info")
}

/// `DATABASE_URL`: `postgres://user:password@host:port/database`.
fn database_url(vars: &mut Vars) -> Secret {
    let url = vars.required("DATABASE_URL", "where Postgres is, such as postgres://waymark:…@localhost/waymark");
    if !url.is_empty() && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        vars.problem("DATABASE_URL", "it must begin with postgres://");
    }
    Secret::new(url)
}

/// The environment of this process; variables that are not valid UTF-8 are none of ours.
pub fn process_env() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

#[cfg(test)]
mod tests;
