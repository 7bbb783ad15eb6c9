//! Stands between `git` and the host, and interrupts a push at a chosen moment.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Notify,
};
use url::Url;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// The push is sent and never reaches the host.
    HoldRequest,
    /// A part of the push reaches the host, then the line breaks.
    CutRequest { after: usize },
    /// The push reaches the host and its answer never comes back.
    HoldAnswer,
}

pub(super) struct FaultProxy {
    address: SocketAddr,
    hit: Arc<Notify>,
}

impl FaultProxy {
    pub(super) async fn start(host: &Url, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let hit = Arc::new(Notify::new());
        let target = format!("{}:{}", host.host_str().unwrap(), host.port_or_known_default().unwrap());
        let on_hit = hit.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, TcpStream::connect(target.clone()).await.unwrap(), fault, on_hit.clone()));
            }
        });
        Self { address, hit }
    }

    pub(super) fn url(&self) -> Url {
        format!("http://{}/", self.address).parse().unwrap()
    }

    /// Until the fault has happened once.
    pub(super) async fn hit(&self) {
        tokio::time::timeout(std::time::Duration::from_secs(20), self.hit.notified()).await.expect("no push came by");
    }
}

async fn relay(client: TcpStream, host: TcpStream, fault: Fault, hit: Arc<Notify>) {
    let (from_client, to_client) = client.into_split();
    let (from_host, to_host) = host.into_split();
    let push_seen = Arc::new(Notify::new());
    let mut answers = tokio::spawn(answers(from_host, to_client, fault, push_seen.clone(), hit.clone()));
    tokio::select! {
        () = requests(from_client, to_host, fault, push_seen, hit) => answers.abort(),
        _ = &mut answers => {}
    }
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    fault: Fault,
    push_seen: Arc<Notify>,
    hit: Arc<Notify>,
) {
    let mut buffer = vec![0; 16 * 1024];
    let mut of_push: Option<usize> = None;
    while let Ok(n @ 1..) = from.read(&mut buffer).await {
        let chunk = &buffer[..n];
        if of_push.is_none() && is_push(chunk) {
            of_push = Some(0);
            push_seen.notify_one();
        }
        if let Some(sent) = &mut of_push {
            *sent += n;
            match fault {
                Fault::HoldRequest => {
                    hit.notify_one();
                    // Until the client gives up.
                    while from.read(&mut buffer).await.is_ok_and(|n| n > 0) {}
                    return;
                }
                Fault::CutRequest { after } if *sent > after => {
                    hit.notify_one();
                    return;
                }
                Fault::CutRequest { .. } | Fault::HoldAnswer => {}
            }
        }
        if to.write_all(chunk).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    fault: Fault,
    push_seen: Arc<Notify>,
    hit: Arc<Notify>,
) {
    let mut buffer = vec![0; 16 * 1024];
    let mut is_holding = false;
    loop {
        tokio::select! {
            () = push_seen.notified(), if fault == Fault::HoldAnswer && !is_holding => is_holding = true,
            read = from.read(&mut buffer) => match read {
                Ok(n @ 1..) if is_holding => {
                    if buffer[..n].windows(14).any(|w| w == b"ok refs/heads/") {
                        hit.notify_one();
                    }
                }
                Ok(n @ 1..) => if to.write_all(&buffer[..n]).await.is_err() { return },
                _ => return,
            },
        }
    }
}

/// The first packet of `git push` after it has asked what is there.
fn is_push(chunk: &[u8]) -> bool {
    let line = chunk.split(|b| *b == b'\r').next().unwrap_or_default();
    line.starts_with(b"POST ") && line.windows(20).any(|w| w == b"git-receive-pack HTT")
}
