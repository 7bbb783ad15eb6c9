use std::time::Instant;

use axum::{response::IntoResponse, routing::get};
use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::shutdown;

async fn started(router: Router) -> (std::net::SocketAddr, shutdown::Stop, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, token) = shutdown::channel();
    (address, stop, tokio::spawn(serve(listener, router, token)))
}

async fn status_line(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = vec![0; 64];
    let n = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..n]).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let (address, _stop, _) = started(Router::new().route("/", get(|| async { "fine" }))).await;
    assert_eq!(status_line(address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await, "HTTP/1.1 200 OK");
    let head = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(HEAD_BYTES));
    assert!(status_line(address, head.as_bytes()).await.starts_with("HTTP/1.1 431"));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(HEADERS + 1));
    assert!(status_line(address, many.as_bytes()).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut_off() {
    const SHORT: Duration = Duration::from_millis(300);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_stop, token) = shutdown::channel();
    tokio::spawn(serve_within(SHORT, listener, Router::new(), token));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost").await.unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(SHORT * 20, stream.read_to_end(&mut answer)).await.expect("cut off in time").unwrap();
}

#[tokio::test]
async fn an_answer_under_way_is_finished_and_new_connections_are_refused() {
    let (begun, mut has_begun) = tokio::sync::mpsc::channel(1);
    let (finish, may_finish) = tokio::sync::watch::channel(false);
    let router = Router::new().route(
        "/",
        get(move || {
            let (begun, mut may_finish) = (begun.clone(), may_finish.clone());
            async move {
                begun.send(()).await.unwrap();
                may_finish.wait_for(|may| *may).await.unwrap();
                "done"
            }
        }),
    );
    let (address, stop, server) = started(router).await;
    let request = tokio::spawn(status_line(address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
    has_begun.recv().await.unwrap();
    stop.now();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    finish.send_replace(true);
    assert_eq!(request.await.unwrap(), "HTTP/1.1 200 OK");
    server.await.unwrap();
}

#[tokio::test]
async fn an_open_stream_that_listens_to_the_token_does_not_hold_the_process_up() {
    let (stop, token) = shutdown::channel();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let streams = token.clone();
    let endless = move || {
        let mut token = streams.clone();
        async move {
            let ended = async move { token.requested().await };
            let beats = futures::stream::repeat(Ok::<_, Infallible>("beat\n")).then(|beat| async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                beat
            });
            Body::from_stream(beats.take_until(ended)).into_response()
        }
    };
    let server = tokio::spawn(serve(listener, Router::new().route("/", get(endless)), token));
    assert_eq!(status_line(address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await, "HTTP/1.1 200 OK");
    let stopped = Instant::now();
    stop.now();
    server.await.unwrap();
    assert!(stopped.elapsed() < DRAIN, "the stream was waited for");
}

type Infallible = std::convert::Infallible;
