//! Files that tell a client where the API server is and who asks.

use std::path::Path;

use serde_json::json;

use super::tokens::Identity;
use crate::failure::{Result, While};

/// One context, as JSON, which every reader of YAML understands.
pub(super) fn text(identity: &Identity, address: &str, authority: &Path) -> Result<String> {
    let config = json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{ "name": "local", "cluster": { "server": address, "certificate-authority": authority } }],
        "users": [{ "name": identity.name, "user": { "token": identity.token } }],
        "contexts": [{ "name": "local", "context": { "cluster": "local", "user": identity.name } }],
        "current-context": "local",
    });
    serde_json::to_string_pretty(&config).world("write a kubeconfig")
}

/// What a client of the cluster is told when it asks who somebody is (`client.authentication.k8s.io/v1`).
pub(super) fn credential(identity: &Identity) -> Result<String> {
    let credential = json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": { "token": identity.token },
    });
    serde_json::to_string_pretty(&credential).world("write a credential")
}
