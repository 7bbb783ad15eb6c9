//! From a kubeconfig to a client.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicU64},
};

use base64::{Engine, engine::general_purpose::STANDARD};
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

/// Where an API server is. Holds no credential, so that anybody may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub server: String,
    /// PEM of the authority that signed its certificate; `None` where the system's own are trusted.
    pub authority: Option<String>,
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
    let endpoint = Arc::new(endpoint(&config));
    let client = Client::try_from(config).map_err(|e| Error::internal(format!("kubeconfig: {e}")))?;
    Ok(Cluster { name: name.into(), endpoint, client, writes: Arc::new(AtomicU64::new(0)) })
}

fn endpoint(config: &Config) -> Endpoint {
    let pem = |der: &Vec<u8>| {
        let body = STANDARD.encode(der);
        let lines: Vec<&str> = body.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    };
    let authority = config.root_cert.as_ref().map(|all| all.iter().map(pem).collect::<String>());
    Endpoint { server: config.cluster_url.to_string().trim_end_matches('/').to_owned(), authority }
}
