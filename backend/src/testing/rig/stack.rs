//! The file that `WAYMARK_STACK` names: `cargo xtask test` starts a stack and writes it.

use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig as Document},
};
use serde_json::Value;

use super::CLUSTER;
use crate::{
    cluster::{Cluster, Kubeconfig, connect},
    git_host::{Deadlines, GitHostKind, GitHostSettings},
};

/// The text at this JSON pointer, such as `/git/url`.
pub(crate) fn stack(pointer: &str) -> String {
    let path = std::env::var("WAYMARK_STACK").expect(
        "WAYMARK_STACK is not set. This test needs a running stack: run it with `cargo xtask test`, or name the file \
         that holds what `cargo xtask stack status --json` prints.",
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("WAYMARK_STACK names {path}: {e}"));
    let stack: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path} is not JSON: {e}"));
    let found = stack.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{path} has no text at {pointer}")).to_owned()
}

/// The cluster with the identity that the platform is given.
pub(crate) async fn platform() -> Cluster {
    connect(CLUSTER, &Kubeconfig::File(stack("/kubeconfigs/waymark").into())).await.unwrap()
}

/// The cluster with the kubeconfig at this pointer.
pub(crate) async fn client(pointer: &str) -> Client {
    let document = Document::read_from(stack(pointer)).unwrap();
    let config = Config::from_custom_kubeconfig(document, &KubeConfigOptions::default()).await.unwrap();
    Client::try_from(config).unwrap()
}

/// The Git host with the platform's token.
pub(crate) fn git_host() -> GitHostSettings {
    let _ = rustls::crypto::ring::default_provider().install_default();
    GitHostSettings {
        kind: GitHostKind::Gitea,
        url: stack("/git/url").parse().unwrap(),
        token: stack("/git/token").into(),
        deadlines: Deadlines::default(),
    }
}
