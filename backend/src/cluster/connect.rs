//! From a kubeconfig to a client.

use std::{path::PathBuf, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use kube::Config;

use super::{Cluster, credential::Credential};
use crate::Result;

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
    let (credential, config) = Credential::read(kubeconfig).await?;
    Ok(Cluster {
        name: name.into(),
        endpoint: Arc::new(endpoint(&config)),
        credential: Arc::new(credential),
        pressure: Arc::default(),
        writes: Arc::default(),
    })
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
