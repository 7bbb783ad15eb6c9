//! A host that is away, slow, or not what it should be.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

const DEADLINE: Duration = Duration::from_millis(700);

fn at(address: &str) -> Arc<dyn GitHost> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let settings = GitHostSettings {
        kind: GitHostKind::Gitea,
        url: address.parse().unwrap(),
        token: "canary-token".to_owned().into(),
        deadlines: Deadlines { api: DEADLINE, git: DEADLINE },
    };
    connect(&settings).unwrap()
}

/// Answers every request with the same bytes; without any, it keeps silent. Returns its address and how many came.
async fn server(answer: &'static [u8]) -> (String, tokio::sync::watch::Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (count, came) = tokio::sync::watch::channel(0);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            count.send_modify(|n| *n += 1);
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while client.read(&mut buffer).await.is_ok_and(|n| n > 0) && client.write_all(answer).await.is_ok() {}
            });
        }
    });
    (address, came)
}

async fn assert_unavailable(git: Arc<dyn GitHost>) {
    let name: RepositoryName = "payments/checkout".parse().unwrap();
    let begun = Instant::now();
    let errors = [
        git.find_repository(&name).await.err(),
        git.branch_head(&name, &Branch::main()).await.err(),
        git.push_new_branch(&name, &Branch::main(), &first()).await.err(),
    ];
    for error in errors {
        assert!(matches!(error, Some(Error::Unavailable { .. })), "{error:?}");
        assert!(!error.unwrap().to_string().contains("canary"));
    }
    assert!(begun.elapsed() < DEADLINE * 3 + Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_host_that_is_not_there_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_unavailable(at(&address)).await;
}

#[tokio::test]
async fn a_silent_host_is_unavailable_within_the_deadline() {
    assert_unavailable(at(&server(b"").await.0)).await;
}

#[tokio::test]
async fn a_failing_host_is_unavailable_and_its_words_stay_out() {
    let answer = b"HTTP/1.1 503 Sorry\r\nContent-Length: 6\r\n\r\ncanary";
    assert_unavailable(at(&server(answer).await.0)).await;
}

#[tokio::test]
async fn a_refused_credential_says_so() {
    let host = Host::new().await;
    let (name, _) = host.filled_repository().await;
    let stranger = host.with(|s| s.token = "0123456789abcdef0123456789abcdef01234567".to_owned().into());
    let errors = [
        stranger.find_repository(&name).await.err(),
        stranger.branch_head(&name, &Branch::main()).await.err(),
        stranger.push_new_branch(&name, &Branch::main(), &first()).await.err(),
    ];
    for error in errors {
        let Some(Error::Unavailable { detail, .. }) = error else { panic!("{error:?}") };
        assert!(detail.contains("refused the credential of the platform"), "{detail}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (elsewhere, came) = server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
    let answer = format!("HTTP/1.1 302 Found\r\nLocation: {elsewhere}/x\r\nContent-Length: 0\r\n\r\n");
    let (address, asked) = server(answer.leak().as_bytes()).await;
    let git = at(&address);
    let name: RepositoryName = "payments/checkout".parse().unwrap();
    assert!(git.find_repository(&name).await.is_err());
    assert!(git.branch_head(&name, &Branch::main()).await.is_err());
    assert!(*asked.borrow() >= 2 && *came.borrow() == 0);
}

#[tokio::test]
async fn an_answer_without_end_is_not_swallowed() {
    let endless = vec![b'x'; 2 * 1024 * 1024];
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
    let answer: &'static [u8] = [head.to_vec(), endless].concat().leak();
    let git = at(&server(answer).await.0);
    let name: RepositoryName = "payments/checkout".parse().unwrap();
    assert!(matches!(git.find_repository(&name).await, Err(Error::Internal { .. })));
}
