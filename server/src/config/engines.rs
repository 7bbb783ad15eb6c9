//! The Git host and the cluster that the worker acts on.

use std::path::PathBuf;

use backend::{
    git_host::{Deadlines, GitHostKind, GitHostSettings, check_address},
    scaffold::StarterImage,
};
use url::Url;

use super::{Secret, Vars};

#[derive(Clone, Debug)]
pub struct GitConfig {
    /// `WAYMARK_GIT_KIND`: `gitea` or `forgejo`
    pub kind: GitHostKind,
    /// `WAYMARK_GIT_URL`
    pub url: Url,
    /// `WAYMARK_GIT_TOKEN`: an access token of the platform's own account
    pub token: Secret,
}

/// What plans are made with, beside Git host and cluster.
#[derive(Clone, Debug)]
pub struct PlanConfig {
    /// `WAYMARK_STARTER_IMAGE`: what runs until the first build of a service, `name@sha256:…`
    pub starter: StarterImage,
    /// `WAYMARK_KUSTOMIZE`: the program that builds overlays; `kustomize` on the path unless it is set
    pub kustomize: PathBuf,
}

#[derive(Clone, Debug)]
pub struct ClusterConfig {
    /// `WAYMARK_KUBECONFIG`: a file with address and credential of the platform's own identity
    pub kubeconfig: PathBuf,
    /// `WAYMARK_DELIVERY_INTERVAL`: how often the delivery engine asks the Git host, in seconds
    pub delivery_interval: u32,
}

impl GitConfig {
    /// `None` when no host is configured.
    pub(super) fn read(vars: &mut Vars) -> Option<Self> {
        let address = vars.optional("WAYMARK_GIT_URL")?;
        let kind = vars.parsed("WAYMARK_GIT_KIND", GitHostKind::Gitea, "gitea or forgejo");
        let token = Secret::new(vars.required("WAYMARK_GIT_TOKEN", "an access token of the platform's own account"));
        let checked = Url::parse(&address)
            .map_err(|_| "it must be the address of the Git host's root, such as https://git.example.com")
            .and_then(|url| check_address(&url).map(|()| url));
        match checked {
            Ok(url) => Some(Self { kind, url, token }),
            Err(why) => {
                vars.problem("WAYMARK_GIT_URL", why);
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

impl PlanConfig {
    /// `None` when no starter image is configured.
    pub(super) fn read(vars: &mut Vars) -> Option<Self> {
        let image = vars.optional("WAYMARK_STARTER_IMAGE")?;
        let kustomize = PathBuf::from(vars.text("WAYMARK_KUSTOMIZE", "kustomize"));
        let Some(starter) = starter(&image) else {
            vars.problem(
                "WAYMARK_STARTER_IMAGE",
                "it must name an image by digest, such as registry.example.com/starter@sha256:…",
            );
            return None;
        };
        Some(Self { starter, kustomize })
    }
}

/// A tag can move to another image, so that only a digest is taken.
fn starter(image: &str) -> Option<StarterImage> {
    let (name, digest) = image.split_once('@')?;
    let hex = digest.strip_prefix("sha256:")?;
    let is_digest = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"./-_:".contains(&b));
    (is_digest && is_name).then(|| StarterImage { name: name.to_owned(), digest: digest.to_owned() })
}

impl ClusterConfig {
    pub(super) fn read(vars: &mut Vars) -> Option<Self> {
        let path = vars.optional("WAYMARK_KUBECONFIG")?;
        let delivery_interval = vars.parsed("WAYMARK_DELIVERY_INTERVAL", 60, "whole seconds from 1 to 3600");
        if !(1..=3600).contains(&delivery_interval) {
            vars.problem("WAYMARK_DELIVERY_INTERVAL", "it must be whole seconds from 1 to 3600");
        }
        Some(Self { kubeconfig: PathBuf::from(path), delivery_interval })
    }
}
