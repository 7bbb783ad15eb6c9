//! The accept loop. `axum::serve` has no limit on the time or size of a request's head and waits for ever for open
//! streams; this one has both limits and a deadline.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tower::ServiceExt;

use crate::shutdown::Shutdown;

/// Time for the whole head of a request to arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Size of the head; longer ones are answered with 431.
const HEAD_BYTES: usize = 16 * 1024;
const HEADERS: usize = 64;
const MAX_CONNECTIONS: usize = 10_000;
/// Time for answers under way to finish once the process is to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves until the token says stop, then lets answers under way finish.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) {
    serve_within(HEAD_TIMEOUT, listener, router, shutdown).await;
}

async fn serve_within(head_timeout: Duration, listener: TcpListener, router: Router, mut shutdown: Shutdown) {
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.requested() => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors, most likely: give connections a moment to close.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(permit) = connections.clone().try_acquire_owned() else {
            metrics::counter!("http_connections_refused_total").increment(1);
            continue;
        };
        let (router, watcher) = (router.clone(), graceful.watcher());
        tokio::spawn(async move {
            answer(stream, peer, router, watcher, head_timeout).await;
            drop(permit);
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers did not finish in time");
    }
}

/// HTTP/1.1 alone: whoever ends TLS in front speaks HTTP/2 to browsers.
async fn answer(stream: TcpStream, peer: SocketAddr, router: Router, watcher: Watcher, head_timeout: Duration) {
    // Answers are small and people wait for them.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    }));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_timeout)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "connection ended early");
    }
}

#[cfg(test)]
mod tests;
