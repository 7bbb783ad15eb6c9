//! What every test against a running stack begins with: its addresses and kubeconfigs, the cluster as its administrator
//! sees it, workers that end in good order, and patience.

mod admin;
mod stack;
mod workers;

use std::time::{Duration, Instant};

pub(crate) use admin::{Admin, api};
pub(crate) use stack::{client, git_host, platform, stack};
pub(crate) use workers::Workers;

/// As the stack calls it.
pub(crate) const CLUSTER: &str = "local";
/// What a person would call "within seconds", on a machine that does much else.
const SOON: Duration = Duration::from_secs(40);

/// Asks again until there is an answer, for at most [`SOON`].
pub(crate) async fn eventually<T, F: Future<Output = Result<T, String>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(so_far) if start.elapsed() > SOON => panic!("{what}: not within {SOON:?}; last: {so_far}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
