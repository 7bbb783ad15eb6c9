//! One token that everything long-lived listens to.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Tells when the process is to stop; clones see the same.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// The other end: stops everything that holds the token. Dropping it stops too.
#[derive(Debug)]
pub struct Stop(watch::Sender<bool>);

pub fn channel() -> (Stop, Shutdown) {
    let (sender, receiver) = watch::channel(false);
    (Stop(sender), Shutdown(receiver))
}

impl Stop {
    pub fn now(&self) {
        self.0.send_replace(true);
    }
}

impl Shutdown {
    /// Completes when the process is to stop.
    pub async fn requested(&mut self) {
        // An error means that the other end is gone, which means the same.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    /// For code that knows no more of it than a flag.
    pub fn flag(&self) -> watch::Receiver<bool> {
        self.0.clone()
    }

    pub fn is_requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}

/// A token that SIGTERM and SIGINT trigger.
pub fn on_signals() -> std::io::Result<Shutdown> {
    let (stop, shutdown) = channel();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stop.now();
    });
    Ok(shutdown)
}
