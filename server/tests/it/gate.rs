//! A gate on the way to something real. Closed, it behaves like a host that is away: connections end and new ones fail.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    is_open: watch::Sender<bool>,
}

impl Gate {
    /// Stands closed in front of `target`.
    pub(crate) async fn before(target: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (is_open, seen) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                if *seen.borrow() {
                    tokio::spawn(pass(visitor, target, seen.clone()));
                }
            }
        });
        Self { address, is_open }
    }

    pub(crate) fn open(&self) {
        self.is_open.send_replace(true);
    }

    pub(crate) fn close(&self) {
        self.is_open.send_replace(false);
    }
}

async fn pass(mut visitor: TcpStream, target: SocketAddr, mut is_open: watch::Receiver<bool>) {
    let Ok(mut host) = TcpStream::connect(target).await else { return };
    tokio::select! {
        // How a connection ended is told to its two sides and to nobody else.
        _ = copy_bidirectional(&mut visitor, &mut host) => {}
        _ = is_open.wait_for(|open| !open) => {}
    }
}
