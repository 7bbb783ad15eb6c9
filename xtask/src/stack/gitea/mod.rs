//! The local Git host, a Gitea on the stack's own Postgres, or the one that the person configured.
//!
//! People sign in through the local identity provider and find the repositories of their teams; a token for `git` they
//! make themselves at `/user/settings/applications`. Its folder lies beside the database's data, so that both go together.

mod admin;
mod api;
mod database;
mod home;
mod ini;
mod kept;
mod organisations;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use self::admin::Admin;
use self::api::Api;
use self::home::Home;
use self::ini::Ini;
use self::kept::Kept;
use super::http;
use super::postgres::Database;
use super::state::{Folder, Stack};
use super::supervise::Supervisor;
use super::user::User;
use crate::failure::{Failure, Result};
use crate::packages;
use crate::progress;
use crate::tools::on_path;
use crate::workshop::Workshop;

const KIND: &str = "gitea";
/// The name of the login source, which is a part of the address that the provider sends people back to.
const SOURCE: &str = "waymark";
/// The first start makes some hundred tables.
const READY_DEADLINE: Duration = Duration::from_secs(60);
/// What a foreign host cannot do without.
const FOREIGN: [&str; 2] = ["WAYMARK_GIT_URL", "WAYMARK_GIT_TOKEN"];

/// A Git host as the worker uses it: `WAYMARK_GIT_KIND`, `WAYMARK_GIT_URL` and `WAYMARK_GIT_TOKEN`.
#[derive(Clone)]
pub(crate) struct GitHost {
    pub(crate) kind: String,
    /// Without a slash at its end.
    pub(crate) url: String,
    /// An administrator's token.
    pub(crate) token: String,
}

/// What a local Gitea is started with.
#[derive(Clone, Debug)]
pub(crate) struct Settings<'a> {
    /// The program that was built.
    pub(crate) binary: &'a Path,
    /// The folder with `options`, `public` and `templates` of the same version.
    pub(crate) static_dir: &'a Path,
    /// The recorded port; it is a part of every clone address.
    pub(crate) port: u16,
    /// The local identity provider, which answers already and knows [`provider_client`]. Without it nobody but the
    /// administrator's token comes in.
    pub(crate) issuer: Option<&'a str>,
}

/// The configured host: address and token or neither. The kind is `gitea` unless another one is named.
pub(crate) fn foreign(variable: impl Fn(&str) -> Option<String>) -> Result<Option<GitHost>> {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    match FOREIGN.map(given) {
        [None, None] => Ok(None),
        [Some(url), Some(token)] => {
            let kind = given("WAYMARK_GIT_KIND").unwrap_or_else(|| KIND.into());
            Ok(Some(GitHost { kind, url: url.trim_end_matches('/').to_owned(), token }))
        }
        _ => Err(Failure::input(format!(
            "A Git host of your own needs both {} and {}. Set the missing one, or neither for the local Git host.",
            FOREIGN[0], FOREIGN[1]
        ))),
    }
}

/// Gitea's entry in the provider's list of clients. The secret is made at the first call and kept.
pub(crate) fn provider_client(folder: &Folder, port: u16) -> Result<Value> {
    let kept = Kept::open(folder)?;
    Ok(json!({
        "client_id": KIND,
        "client_secret": kept.oidc_client,
        "redirect_uris": [format!("{}/user/oauth2/{SOURCE}/callback", url(port))],
        // Gitea's own client sends no challenge.
        "pkce": false,
    }))
}

/// The local host as an earlier start left it, running or not; `None` before the first start was through.
pub(crate) fn recorded(folder: &Folder, port: u16) -> Result<Option<GitHost>> {
    let token = Kept::read(folder)?.and_then(|kept| kept.token);
    Ok(token.map(|token| GitHost { kind: KIND.into(), url: url(port), token }))
}

/// Starts Gitea and sees to it that administrator, organisations and sign-in are there; what is there already stays.
/// With `WAYMARK_GIT_URL` none is started.
///
/// The database and the identity provider must answer.
pub(crate) fn start(
    workshop: &Workshop,
    folder: &Folder,
    stack: &Stack,
    supervisor: &mut Supervisor,
    database: &Database,
    settings: &Settings<'_>,
) -> Result<GitHost> {
    if let Some(host) = foreign(|name| std::env::var(name).ok())? {
        progress::note("Using the Git host that `WAYMARK_GIT_URL` names.");
        return Ok(host);
    }
    if on_path("git").is_none() {
        packages::install(workshop, &["git"], "the local Git host")?;
    }
    let place = place(stack, super::postgres::foreign_url().is_some())?;
    let mut kept = Kept::open(folder)?;
    let home = Home::prepare(&place, User::for_engines()?, settings)?;
    database::ensure(workshop, database, &kept.postgres)?;
    let url = url(settings.port);
    let ini = Ini { home: home.path(), port: settings.port, postgres_port: stack.ports.postgres, secrets: &kept };
    home.write_ini(&ini.render())?;
    let admin = Admin { workshop, home: &home };
    // Before the server runs: it reads a login source once and would keep an old address or secret.
    if let Some(issuer) = settings.issuer {
        admin.ensure_login_source(folder, &mut kept, issuer)?;
    }
    let health = format!("{url}/api/healthz");
    supervisor.start_until(&home.spec(), READY_DEADLINE, || Ok(http::answers(&health)))?;
    let token = set_up(&admin, folder, &mut kept, &url, settings.issuer)?;
    Ok(GitHost { kind: KIND.into(), url, token })
}

/// Where people and programs of this machine find the local host.
pub(crate) fn url(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// Everything inside Gitea; answers the administrator's token.
fn set_up(admin: &Admin<'_>, folder: &Folder, kept: &mut Kept, url: &str, issuer: Option<&str>) -> Result<String> {
    let token = match &kept.token {
        Some(token) if Api::new(url, token).knows_me()? => token.clone(),
        unknown => {
            // A database that does not know the token does not know the login source either.
            if unknown.is_some() {
                kept.login_source = None;
            }
            let token = progress::step("Making the Git host's administrator", || admin.new_token())?;
            kept.token = Some(token.clone());
            kept.keep(folder)?;
            token
        }
    };
    // Before anybody signs in: the map from groups to teams skips what does not exist.
    organisations::ensure(&Api::new(url, &token))?;
    if let Some(issuer) = issuer {
        admin.ensure_login_source(folder, kept, issuer)?;
    }
    Ok(token)
}

/// Beside the database's data: the folder belongs to the same user already and is removed together with them.
fn place(stack: &Stack, foreign_database: bool) -> Result<PathBuf> {
    match &stack.postgres_folder {
        Some(folder) if !foreign_database => Ok(folder.join(KIND)),
        _ => Err(Failure::input(
            "The local Git host keeps its data in the stack's own Postgres, and `DATABASE_URL` names another. Unset \
             `DATABASE_URL`, or name a Git host of your own with WAYMARK_GIT_URL and WAYMARK_GIT_TOKEN.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn without_variables_the_host_is_local() {
        assert!(foreign(from(&[("WAYMARK_GIT_URL", ""), ("WAYMARK_GIT_KIND", "gitea")])).unwrap().is_none());
    }

    #[test]
    fn a_foreign_host_is_taken_whole() {
        let pairs = &[("WAYMARK_GIT_URL", "https://git.example.org/"), ("WAYMARK_GIT_TOKEN", "t")];
        let host = foreign(from(pairs)).unwrap().unwrap();
        assert_eq!(
            (host.kind.as_str(), host.url.as_str(), host.token.as_str()),
            ("gitea", "https://git.example.org", "t")
        );
    }

    #[test]
    fn half_a_foreign_host_is_refused() {
        let failure = foreign(from(&[("WAYMARK_GIT_URL", "https://git.example.org")])).err().unwrap().to_string();
        assert!(failure.contains("WAYMARK_GIT_TOKEN"), "{failure}");
    }

    #[test]
    fn the_provider_is_told_the_same_secret_every_time() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        let client = provider_client(&folder, 25_007).unwrap();
        assert_eq!(client["redirect_uris"][0], "http://localhost:25007/user/oauth2/waymark/callback");
        assert_eq!(client["pkce"], false);
        assert_eq!(provider_client(&folder, 25_007).unwrap(), client);
        assert!(recorded(&folder, 25_007).unwrap().is_none(), "there is no token before the first start");
    }
}
