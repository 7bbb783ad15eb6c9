//! The Git host and the cluster that the worker acts on.

use std::path::PathBuf;

use backend::git_host::{Deadlines, GitHostKind, GitHostSettings};
use url::Url;

use super::{Secret, Vars, public_url::is_safe_scheme};

#[derive(Clone, Debug)]
pub struct GitConfig {
    /// `WAYMARK_GIT_KIND`: `gitea` or `forgejo`
    pub kind: GitHostKind,
    /// `WAYMARK_GIT_URL`
    pub url: Url,
    /// `WAYMARK_GIT_TOKEN`: an access token of the platform's own account
    pub token: Secret,
}

#[derive(Clone, Debug)]
pub struct ClusterConfig {
    /// `WAYMARK_KUBECONFIG`: a file with address and credential of the platform's own identity
    pub kubeconfig: PathBuf,
}

impl GitConfig {
    /// `None` when no host is configured.
    pub(super) fn read(vars: &mut Vars) -> Option<Self> {
        let address = vars.optional("WAYMARK_GIT_URL")?;
        let kind = vars.parsed("WAYMARK_GIT_KIND", GitHostKind::Gitea, "gitea or forgejo");
        let token = Secret::new(vars.required("WAYMARK_GIT_TOKEN", "an access token of the platform's own account"));
        match Url::parse(&address) {
            Ok(url) if is_safe_scheme(&url) => Some(Self { kind, url, token }),
            _ => {
                vars.problem("WAYMARK_GIT_URL", "it must be an https address; plain http is for this machine alone");
                None
            }
        }
    }

    pub fn settings(&self) -> GitHostSettings {
        GitHostSettings {
            kind: self.kind,
            url: self.url.clone(),
            token: self.token.expose().to_owned().into(),
            deadlines: Deadlines::default(),
        }
    }
}

impl ClusterConfig {
    pub(super) fn read(vars: &Vars) -> Option<Self> {
        vars.optional("WAYMARK_KUBECONFIG").map(|path| Self { kubeconfig: PathBuf::from(path) })
    }
}
