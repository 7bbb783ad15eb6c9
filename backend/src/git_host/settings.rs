//! Which Git host, and how long it may take.

use std::{str::FromStr, sync::Arc, time::Duration};

use secrecy::SecretString;
use url::Url;

use super::{GitHost, git::Remote, gitea::Gitea, http::Api};
use crate::{Error, Result, is_https_or_loopback};

/// Whose API the host speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitHostKind {
    /// Forgejo too.
    Gitea,
}

#[derive(Clone, Debug)]
pub struct GitHostSettings {
    /// `WAYMARK_GIT_KIND`
    pub kind: GitHostKind,
    /// `WAYMARK_GIT_URL`: the root of the host, https; http on loopback only.
    pub url: Url,
    /// `WAYMARK_GIT_TOKEN`: an access token of the platform's own account.
    pub token: SecretString,
    pub deadlines: Deadlines,
}

/// How long one call may take, from beginning to end.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// One request to the host's API.
    pub api: Duration,
    /// One run of the `git` program.
    pub git: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { api: Duration::from_secs(10), git: Duration::from_secs(30) }
    }
}

impl FromStr for GitHostKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "gitea" | "forgejo" => Ok(Self::Gitea),
            _ => Err(Error::internal("WAYMARK_GIT_KIND must be gitea or forgejo.")),
        }
    }
}

/// Checks the settings; nothing is sent yet. Needs the process's TLS provider to be installed.
pub fn connect(settings: &GitHostSettings) -> Result<Arc<dyn GitHost>> {
    check_address(&settings.url).map_err(|why| Error::internal(format!("WAYMARK_GIT_URL: {why}")))?;
    let api = Api::new(&settings.url, &settings.token, settings.deadlines.api)?;
    let remote = Remote::new(&settings.url, &settings.token, settings.deadlines.git);
    match settings.kind {
        GitHostKind::Gitea => Ok(Arc::new(Gitea::new(api, remote))),
    }
}

/// What is wrong with the address of a Git host, as a part of a sentence. The address is not repeated: somebody may have
/// put a password into it.
pub fn check_address(url: &Url) -> std::result::Result<(), &'static str> {
    let has_extras =
        !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some();
    if !is_https_or_loopback(url) {
        return Err("it must be an https address; plain http is for this machine alone");
    }
    if has_extras {
        return Err("it must hold no user, password, query or fragment: the token has a variable of its own");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_loopback_are_called() {
        for good in [
            "https://git.example.org",
            "https://git.example.org/sub/",
            "http://localhost:3000",
            "http://127.0.0.1:1",
            "http://[::1]:1",
        ] {
            assert!(check_address(&good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in [
            "http://git.example.org",
            "http://10.0.0.1",
            "http://localhost.example.org",
            "ext::sh -c x",
            "ssh://git@git.example.org",
            "file:///etc",
            "https://u:pass-canary@git.example.org",
            "https://git.example.org/?x=1",
        ] {
            let error = check_address(&bad.parse().unwrap()).unwrap_err();
            assert!(error.starts_with("it must") && !error.contains("canary"), "{bad}: {error}");
        }
    }
}
