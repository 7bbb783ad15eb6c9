//! Workers of a test, until it is over.

use tokio::{sync::watch, task::JoinHandle, time::timeout};

use super::{CLUSTER, SOON, eventually};
use crate::{Db, provisioning};

/// Tasks that run until they are told to stop.
pub(crate) struct Workers {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Workers {
    pub(crate) fn new() -> Self {
        Self { stop: watch::channel(false).0, tasks: Vec::new() }
    }

    /// Starts one that is given the flag which tells it to stop.
    pub(crate) fn start<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        worker: impl FnOnce(watch::Receiver<bool>) -> F,
    ) {
        self.tasks.push(tokio::spawn(worker(self.stop.subscribe())));
    }

    /// One of them has written the cluster down.
    pub(crate) async fn until_registered(&self, db: &Db) {
        eventually("the cluster is registered", || async {
            let known = provisioning::is_connected(db, CLUSTER).await.unwrap();
            if known { Ok(()) } else { Err("no row".into()) }
        })
        .await;
    }

    /// All of them must end in good order.
    pub(crate) async fn stop(self) {
        self.stop.send(true).expect("a worker has ended by itself");
        for task in self.tasks {
            timeout(SOON, task).await.expect("the worker stops").unwrap();
        }
    }
}
