//! From a kubeconfig to a client.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
};

use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig as Document},
};

use super::Cluster;
use crate::{Error, Result};

/// Where the address and the credential are.
#[derive(Clone)]
pub enum Kubeconfig {
    File(PathBuf),
    Text(String),
}

/// Reads the kubeconfig; the cluster itself is not asked anything yet.
pub async fn connect(name: impl Into<String>, kubeconfig: &Kubeconfig) -> Result<Cluster> {
    let document = match kubeconfig {
        Kubeconfig::File(path) => Document::read_from(path),
        Kubeconfig::Text(text) => Document::from_yaml(text),
    };
    let document = document.map_err(|e| Error::internal(format!("kubeconfig: {e}")))?;
    let mut config = Config::from_custom_kubeconfig(document, &KubeConfigOptions::default())
        .await
        .map_err(|e| Error::internal(format!("kubeconfig: {e}")))?;
    // The client's own retries can hold a call for minutes; each key has its own backoff here.
    config.default_retry = false;
    let client = Client::try_from(config).map_err(|e| Error::internal(format!("kubeconfig: {e}")))?;
    Ok(Cluster { name: name.into(), client, writes: Arc::new(AtomicU64::new(0)) })
}
