//! The `git` program: how it is started, and what it is asked. Commits are built in a bare repository of their own that
//! is removed afterwards; nothing is ever checked out.
//!
//! The credential travels in the environment of the one process that needs it, as a header for the configured address.
//! An argument would be seen by everybody on the machine and a file would outlive a killed process; the environment of a
//! child is readable by its own user alone, who has the token already. It needs no shell either.

mod import;
mod process;
mod push;
mod read;
mod watch;
mod work_repo;

use std::{ffi::OsString, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{RepositoryName, http::below};
use crate::{Dependency, Error};

pub(super) use push::{Landing, land};
pub(super) use work_repo::WorkRepo;
pub use work_repo::remove_leftovers;

/// The Git side of a host: where it is and how we sign in there.
#[derive(Clone)]
pub(super) struct Remote {
    host: Url,
    token: SecretString,
    deadline: Duration,
}

const DIRECTORY_PREFIX: &str = "waymark-git-";

impl Remote {
    pub(super) fn new(host: &Url, token: &SecretString, deadline: Duration) -> Self {
        Self { host: host.clone(), token: token.clone(), deadline }
    }

    /// Without a credential, so that it can be an argument and be shown.
    pub(super) fn url(&self, repository: &RepositoryName) -> Url {
        below(&self.host, &[repository.owner.as_str(), &format!("{}.git", repository.name)])
    }

    /// Where people look at it.
    pub(super) fn page(&self, repository: &RepositoryName) -> Url {
        below(&self.host, &[repository.owner.as_str(), repository.name.as_str()])
    }

    /// Basic, because that is what every host takes a token as; the user name does not matter.
    fn header(&self) -> SecretString {
        let pair = format!("waymark:{}", self.token.expose_secret());
        format!("Authorization: Basic {}", STANDARD.encode(pair)).into()
    }

    /// Configuration for one process: the header goes to this host and to no other.
    fn credential(&self) -> [(&'static str, OsString); 3] {
        let key = format!("http.{}.extraHeader", self.host.origin().ascii_serialization());
        [
            ("GIT_CONFIG_COUNT", "1".into()),
            ("GIT_CONFIG_KEY_0", key.into()),
            ("GIT_CONFIG_VALUE_0", self.header().expose_secret().into()),
        ]
    }
}

/// What `git` says, made safe for a log: one line, without the credential in any of the forms that we send.
fn loggable(stderr: &[u8], remote: &Remote) -> String {
    let header = remote.header();
    let encoded = header.expose_secret().rsplit(' ').next().unwrap_or_default();
    let mut text = String::from_utf8_lossy(stderr).into_owned();
    for secret in [encoded, remote.token.expose_secret()] {
        if !secret.is_empty() {
            text = text.replace(secret, "***");
        }
    }
    text.chars().take(500).flat_map(char::escape_default).collect()
}

/// Why `git` could not talk to the host. Its messages are those of `LC_ALL=C`; the host's own lines begin with `remote:`
/// and decide nothing.
fn explain(stderr: &[u8]) -> Error {
    let text = String::from_utf8_lossy(stderr);
    let says = |words: &[&str]| {
        text.lines().any(|line| line.starts_with("fatal:") && words.iter().any(|word| line.contains(word)))
    };
    // A redirect means that it now has another name; names are stored and never followed.
    if says(&["not found", "error: 301", "error: 307", "error: 308"]) {
        return Error::NotFound;
    }
    let detail = if says(&["Authentication failed", "could not read Username", "error: 401", "error: 403"]) {
        "it refused the credential of the platform to git; check that WAYMARK_GIT_TOKEN is valid and has the rights it needs"
    } else {
        "git could not talk to it; the log says why"
    };
    Error::Unavailable { dependency: Dependency::GitHost, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(token: &str) -> Remote {
        Remote::new(
            &"https://git.example.org:8443/sub".parse().unwrap(),
            &token.to_owned().into(),
            Duration::from_secs(1),
        )
    }

    #[test]
    fn addresses_hold_no_credential_and_the_header_is_for_this_host_alone() {
        let remote = remote("canary-token");
        let url = remote.url(&"payments/checkout".parse().unwrap());
        assert_eq!(url.as_str(), "https://git.example.org:8443/sub/payments/checkout.git");
        assert_eq!(remote.credential()[1].1, "http.https://git.example.org:8443.extraHeader");
    }

    #[test]
    fn the_log_line_is_one_line_without_the_token_in_any_form() {
        let remote = remote("canary-token");
        let encoded = STANDARD.encode("waymark:canary-token");
        let line = loggable(format!("fatal: canary-token\nx {encoded} \u{1b}[2J").as_bytes(), &remote);
        assert_eq!(line, "fatal: ***\\nx *** \\u{1b}[2J");
    }

    #[test]
    fn failures_are_told_apart_by_gits_own_words() {
        let unavailable = |stderr: &str| match explain(stderr.as_bytes()) {
            Error::Unavailable { detail, .. } => detail,
            other => panic!("{other:?}"),
        };
        assert!(matches!(
            explain(b"remote: Repository not found\nfatal: repository 'http://x/' not found\n"),
            Error::NotFound
        ));
        assert!(unavailable("fatal: Authentication failed for 'http://x/'\n").contains("refused the credential"));
        assert!(
            unavailable("fatal: unable to access 'x': The requested URL returned error: 403\n").contains("refused")
        );
        assert!(unavailable("fatal: unable to access 'x': Failed to connect\n").contains("could not talk"));
        assert!(unavailable("remote: fatal: not found, Authentication failed\n").contains("could not talk"));
    }
}
