//! The client, with the credential of the kubeconfig. Where the cluster does not know that credential any more, the file
//! is read again: somebody may have put a new one there.

use kube::config::KubeConfigOptions;
use kube::{Client, Config, config::Kubeconfig as Document};
use tokio::sync::{Mutex, watch};

use super::Kubeconfig;
use crate::{Error, Result};

pub(super) struct Credential {
    kubeconfig: Kubeconfig,
    client: watch::Sender<Numbered>,
    /// The text of the file that the client was made from.
    text: Mutex<Option<String>>,
}

/// A client, and how many there were before it.
#[derive(Clone)]
pub(super) struct Numbered {
    pub(super) number: u64,
    pub(super) client: Client,
}

impl Credential {
    pub(super) async fn read(kubeconfig: &Kubeconfig) -> Result<(Self, Config)> {
        let (text, config) = (text(kubeconfig).await, config(kubeconfig).await?);
        let client = Numbered { number: 0, client: client(config.clone())? };
        let kubeconfig = kubeconfig.clone();
        Ok((Self { kubeconfig, client: watch::channel(client).0, text: Mutex::new(text) }, config))
    }

    pub(super) fn current(&self) -> Numbered {
        self.client.borrow().clone()
    }

    /// The client as it changes.
    pub(super) fn follow(&self) -> watch::Receiver<Numbered> {
        self.client.subscribe()
    }

    /// After a refusal of the client of this number: whether there is another one by now.
    pub(super) async fn renew(&self, refused: u64) -> bool {
        let mut known = self.text.lock().await;
        if self.current().number > refused {
            return true;
        }
        let found = text(&self.kubeconfig).await;
        if found.is_none() || found == *known {
            return false;
        }
        match config(&self.kubeconfig).await.and_then(client) {
            Ok(client) => {
                *known = found;
                self.client.send_replace(Numbered { number: refused + 1, client });
                tracing::info!("the cluster's credential was read again");
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the cluster's credential has changed and cannot be read");
                false
            }
        }
    }
}

async fn text(kubeconfig: &Kubeconfig) -> Option<String> {
    match kubeconfig {
        Kubeconfig::File(path) => tokio::fs::read_to_string(path).await.ok(),
        Kubeconfig::Text(_) => None,
    }
}

async fn config(kubeconfig: &Kubeconfig) -> Result<Config> {
    let document = match kubeconfig {
        Kubeconfig::File(path) => Document::read_from(path),
        Kubeconfig::Text(text) => Document::from_yaml(text),
    };
    let document = document.map_err(fault)?;
    let mut config = Config::from_custom_kubeconfig(document, &KubeConfigOptions::default()).await.map_err(fault)?;
    // The client's own retries can hold a call for minutes; each key has its own backoff here.
    config.default_retry = false;
    Ok(config)
}

fn client(config: Config) -> Result<Client> {
    Client::try_from(config).map_err(fault)
}

fn fault(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("kubeconfig: {error}"))
}
