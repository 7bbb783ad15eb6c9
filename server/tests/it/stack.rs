//! The engines that tests run against, as `cargo xtask stack status --json` describes them.

use std::path::PathBuf;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Stack {
    /// The administrator's.
    pub(crate) kubeconfig: PathBuf,
    pub(crate) kubeconfigs: Kubeconfigs,
    pub(crate) git: Git,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Kubeconfigs {
    /// The platform's own identity with no more rights than the shipped role.
    pub(crate) waymark: PathBuf,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Git {
    pub(crate) url: String,
    pub(crate) token: String,
}

impl Stack {
    pub(crate) fn read() -> Self {
        let path = std::env::var("WAYMARK_STACK").expect("WAYMARK_STACK names the description of a running stack");
        let text = std::fs::read_to_string(&path).expect("the description of the stack can be read");
        serde_json::from_str(&text).expect("the stack has a Git host and a cluster")
    }
}
