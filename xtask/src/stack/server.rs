//! The product's own processes: migrations once, then `serve` and `work` with two environments that share the database
//! and the secret of the webhooks alone. `serve` never sees a cluster's or Git host's credentials, `work` never the
//! identity provider's secret.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Started;
use super::http;
use super::launch::{Spec, inherited};
use super::oidc::Client;
use super::ports::Ports;
use super::postgres::Database;
use super::supervise::Supervisor;
use crate::failure::{Result, While};
use crate::frontend::Profile;
use crate::progress;
use crate::tool::Tool;
use crate::workshop::Workshop;

const READY_DEADLINE: Duration = Duration::from_secs(60);
/// Passed on where the person set them: what only the web process reads.
const SERVE_OPTIONS: [&str; 8] = [
    "WAYMARK_OIDC_GROUPS_CLAIM",
    "WAYMARK_GROUP_PLATFORM",
    "WAYMARK_GROUP_OPERATOR",
    "WAYMARK_GROUP_LEADERSHIP",
    "WAYMARK_SIGN_INS_PER_MINUTE",
    "WAYMARK_TOKENS_PER_MINUTE",
    "WAYMARK_WEBHOOKS_PER_MINUTE",
    "WAYMARK_TRUSTED_PROXIES",
];
/// The same for both processes.
const WEBHOOK_SECRET: &str = "WAYMARK_WEBHOOK_SECRET";

/// Builds the `waymark` program and answers where it lies.
pub(crate) fn build(workshop: &Workshop, profile: Profile) -> Result<PathBuf> {
    progress::step("Compiling the server", || {
        let cargo = Tool::cargo(workshop).args(["build", "--package", "server"]);
        let cargo = if profile == Profile::Release { cargo.arg("--release") } else { cargo };
        cargo.show(workshop)
    })?;
    Ok(workshop.target(profile.folder()).join("waymark"))
}

/// Brings the database's schema up to date.
pub(crate) fn migrate(workshop: &Workshop, waymark: &Path, database_url: &str) -> Result<()> {
    let migrate = once(workshop, waymark, database_url).arg("migrate");
    progress::step("Migrating the database", || migrate.quiet(workshop)).map(drop)
}

/// A command of the program that needs the database alone.
fn once(workshop: &Workshop, waymark: &Path, database_url: &str) -> Tool {
    let tool = Tool::new(waymark).current_dir(workshop.root()).env_clear().env("DATABASE_URL", database_url);
    inherited().fold(tool, |tool, (name, value)| tool.env(name, value))
}

/// The simulated nodes run every image without fetching it, so that this one need not be anywhere.
const STARTER_IMAGE: &str =
    "starter.waymark.example/http@sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

/// The organisation that a local stack starts with; every entry of it is marked as invented.
const DEMO_ORGANISATION: &str = "xtask/demo/organisation.yaml";

/// Puts the demo organisation into the catalog; what is there already stays.
pub(crate) fn import_demo(workshop: &Workshop, waymark: &Path, database_url: &str) -> Result<()> {
    progress::step("Loading the demo organisation", || import(workshop, waymark, database_url, [DEMO_ORGANISATION]))
}

/// Puts what files describe into the catalog.
pub(crate) fn import<F: AsRef<OsStr>>(
    workshop: &Workshop,
    waymark: &Path,
    database_url: &str,
    files: impl IntoIterator<Item = F>,
) -> Result<()> {
    once(workshop, waymark, database_url).args(["catalog", "import"]).args(files).quiet(workshop).map(drop)
}

/// How many accelerators its teams may be promised.
const DEMO_BUDGETS: &str = "xtask/demo/budgets.yaml";

/// Gives the demo teams their budgets, as often as it is called.
pub(crate) fn import_budgets(workshop: &Workshop, waymark: &Path, database_url: &str) -> Result<()> {
    let import = once(workshop, waymark, database_url).args(["budget", "import", DEMO_BUDGETS]);
    progress::step("Setting the demo budgets", || import.quiet(workshop)).map(drop)
}

/// The paths that the project ships.
const SHIPPED_PATHS: &str = "golden-paths";

/// Makes the shipped golden paths the ones that services start from; what is published already stays.
pub(crate) fn publish_paths(workshop: &Workshop, waymark: &Path, database_url: &str) -> Result<()> {
    let shipped = workshop.path(SHIPPED_PATHS);
    let entries = fs::read_dir(&shipped).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut folders: Vec<_> = entries
        .world(format_args!("read {}", shipped.display()))?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let publish = once(workshop, waymark, database_url).args(["path", "publish"]).args(folders);
    progress::step("Publishing the golden paths", || publish.quiet(workshop)).map(drop)
}

/// Starts `serve` and waits until it is ready.
pub(crate) fn serve(
    workshop: &Workshop,
    supervisor: &mut Supervisor,
    waymark: &Path,
    env: Vec<(&'static str, String)>,
    ports: &Ports,
) -> Result<()> {
    let spec = Spec { env, ..Spec::new("serve", waymark, workshop.root()).args(["serve"]) };
    let ready = ready_address(ports.serve_ops);
    supervisor.start_until(&spec, READY_DEADLINE, || Ok(http::answers(&ready)))
}

/// Starts `work` and waits until it is ready.
pub(crate) fn work(
    workshop: &Workshop,
    supervisor: &mut Supervisor,
    waymark: &Path,
    env: Vec<(&'static str, String)>,
    ports: &Ports,
) -> Result<()> {
    let spec = Spec { env, ..Spec::new("work", waymark, workshop.root()).args(["work"]) };
    let ready = ready_address(ports.work_ops);
    supervisor.start_until(&spec, READY_DEADLINE, || Ok(http::answers(&ready)))
}

/// The web process's whole environment.
pub(crate) fn serve_env(
    ports: &Ports,
    database: &Database,
    client: &Client,
    site: &Path,
    login: Option<String>,
    webhook_secret: &str,
    given: impl Fn(&str) -> Option<String>,
) -> Vec<(&'static str, String)> {
    let mut env = vec![
        ("DATABASE_URL", database.url.clone()),
        ("WAYMARK_LISTEN", format!("127.0.0.1:{}", ports.web)),
        ("WAYMARK_OPS_LISTEN", format!("127.0.0.1:{}", ports.serve_ops)),
        ("WAYMARK_PUBLIC_URL", public_url(ports)),
        ("WAYMARK_SITE_DIR", site.display().to_string()),
        ("WAYMARK_OIDC_ISSUER", client.issuer.clone()),
        ("WAYMARK_OIDC_CLIENT_ID", client.id.clone()),
        ("WAYMARK_OIDC_CLIENT_SECRET", client.secret.clone()),
        (WEBHOOK_SECRET, given(WEBHOOK_SECRET).unwrap_or_else(|| webhook_secret.to_owned())),
        ("WAYMARK_LOG", given("WAYMARK_LOG").unwrap_or_else(|| "info".into())),
    ];
    let login = given("WAYMARK_KUBECTL_LOGIN").or(login);
    env.extend(login.map(|command| ("WAYMARK_KUBECTL_LOGIN", command)));
    env.extend(SERVE_OPTIONS.into_iter().filter_map(|name| given(name).map(|value| (name, value))));
    env
}

/// The worker's whole environment. Without a secret it makes no webhooks: a Git host elsewhere cannot reach this machine.
pub(crate) fn work_env(
    ports: &Ports,
    database: &Database,
    started: &Started,
    webhook_secret: Option<&str>,
    given: impl Fn(&str) -> Option<String>,
) -> Vec<(&'static str, String)> {
    let git = &started.git;
    let webhook_secret = given(WEBHOOK_SECRET).or(webhook_secret.map(str::to_owned));
    let mut env = vec![
        ("DATABASE_URL", database.url.clone()),
        ("WAYMARK_OPS_LISTEN", format!("127.0.0.1:{}", ports.work_ops)),
        ("WAYMARK_KUBECONFIG", started.cluster.platform().display().to_string()),
        ("WAYMARK_KUSTOMIZE", started.kustomize.display().to_string()),
        ("WAYMARK_STARTER_IMAGE", given("WAYMARK_STARTER_IMAGE").unwrap_or_else(|| STARTER_IMAGE.into())),
        // Somebody who tries a push should not have to wait for it.
        ("WAYMARK_DELIVERY_INTERVAL", given("WAYMARK_DELIVERY_INTERVAL").unwrap_or_else(|| "10".into())),
        ("WAYMARK_GIT_KIND", git.kind.clone()),
        ("WAYMARK_GIT_URL", git.url.clone()),
        ("WAYMARK_GIT_TOKEN", git.token.clone()),
        ("WAYMARK_PUBLIC_URL", public_url(ports)),
        ("WAYMARK_LOG", given("WAYMARK_LOG").unwrap_or_else(|| "info".into())),
    ];
    env.extend(webhook_secret.map(|secret| (WEBHOOK_SECRET, secret)));
    env
}

/// Where people find the pages.
pub(crate) fn public_url(ports: &Ports) -> String {
    format!("http://localhost:{}", ports.web)
}

/// Where an operations port tells whether its process is ready.
pub(crate) fn ready_address(port: u16) -> String {
    format!("http://127.0.0.1:{port}/ready")
}

#[cfg(test)]
mod tests {
    use super::super::control_plane::Cluster;
    use super::super::gitea::GitHost;
    use super::*;

    fn environments() -> (Vec<&'static str>, Vec<&'static str>) {
        let ports = Ports::settle(None, 3000, 0, |_| true).unwrap();
        let started = Started {
            cluster: Cluster {
                kubeconfig: "administrator".into(),
                kubeconfigs: [("waymark".into(), "own".into())].into(),
            },
            git: GitHost { kind: "gitea".into(), url: "http://localhost:25002".into(), token: "t".into() },
            kustomize: "kustomize".into(),
        };
        let database = Database { url: "postgres://waymark".into(), admin_url: "postgres://postgres".into() };
        let client = Client {
            issuer: "http://localhost:25001".into(),
            id: "waymark".into(),
            secret: "s".into(),
            is_local: true,
        };
        // Everything that a person could have set, all of it at once.
        let given = |name: &str| Some(format!("given {name}"));
        let names = |env: Vec<(&'static str, String)>| env.into_iter().map(|(name, _)| name).collect();
        (
            names(serve_env(&ports, &database, &client, Path::new("site"), Some("cat".into()), "w", given)),
            names(work_env(&ports, &database, &started, Some("w"), given)),
        )
    }

    #[test]
    fn the_two_processes_share_the_database_and_the_secret_of_the_webhooks_alone() {
        let (serve, work) = environments();
        let shared: Vec<_> = serve.iter().filter(|name| work.contains(name)).copied().collect();
        let expected =
            ["DATABASE_URL", "WAYMARK_OPS_LISTEN", "WAYMARK_PUBLIC_URL", "WAYMARK_WEBHOOK_SECRET", "WAYMARK_LOG"];
        assert_eq!(shared, expected);
        assert!(!serve.iter().any(|name| name.contains("KUBECONFIG") || name.contains("GIT")));
        assert!(!work.iter().any(|name| name.contains("OIDC")));
    }

    #[test]
    fn nothing_is_set_twice() {
        let (serve, work) = environments();
        for mut names in [serve, work] {
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all);
        }
    }
}
