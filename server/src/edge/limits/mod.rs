//! How often one address may ask where asking is dear: signing in, making tokens, webhooks. Everything is counted in the
//! memory of this process, so each web process allows as much again.

mod peer;

use std::{sync::Arc, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use domain::error::ErrorKind;
use governor::middleware::NoOpMiddleware;
use http::{HeaderValue, header::RETRY_AFTER};
use tower_governor::{
    GovernorError, GovernorLayer,
    governor::{GovernorConfig, GovernorConfigBuilder},
};

use self::peer::Peer;
use super::Problem;
use crate::{config::LimitsConfig, shutdown::Shutdown};

/// The counters of one process; clones share them.
#[derive(Clone, Debug)]
pub struct Limits {
    logins: Option<Limit>,
    callbacks: Option<Limit>,
    tokens: Option<Limit>,
    webhooks: Option<Limit>,
}

type Limit = Arc<GovernorConfig<Peer, NoOpMiddleware>>;
pub(crate) type LimitLayer = GovernorLayer<Peer, NoOpMiddleware, Body>;

const MINUTE: Duration = Duration::from_secs(60);

impl Limits {
    pub fn new(config: &LimitsConfig) -> Self {
        let of = |per_minute| limit(per_minute, &Peer::behind(&config.trusted_proxies));
        Self {
            logins: of(config.sign_ins),
            callbacks: of(config.sign_ins),
            tokens: of(config.tokens),
            webhooks: of(config.webhooks),
        }
    }

    /// What stands in front of an address, if anything does.
    pub(crate) fn before(&self, method: &str, path: &str) -> Option<LimitLayer> {
        let limit = match (method, path) {
            ("GET", "/login") => &self.logins,
            ("GET", "/auth/callback") => &self.callbacks,
            ("POST", "/settings/tokens" | "/api/v1/tokens") => &self.tokens,
            ("POST", "/webhooks/{source}") => &self.webhooks,
            _ => return None,
        };
        limit.as_ref().map(|limit| GovernorLayer::new(limit.clone()).error_handler(refuse))
    }

    /// Forgets addresses that may ask as often as anybody again; ends with the process.
    pub async fn forget(&self, mut shutdown: Shutdown) {
        let mut every = tokio::time::interval(MINUTE);
        loop {
            tokio::select! {
                _ = every.tick() => {}
                () = shutdown.requested() => return,
            }
            for limit in [&self.logins, &self.callbacks, &self.tokens, &self.webhooks].into_iter().flatten() {
                limit.limiter().retain_recent();
                limit.limiter().shrink_to_fit();
            }
        }
    }
}

/// `None` for 0, which is no limit.
fn limit(per_minute: u32, peer: &Peer) -> Option<Limit> {
    let pause = MINUTE.checked_div(per_minute)?;
    let mut config = GovernorConfigBuilder::default();
    config.period(pause).burst_size(per_minute).key_extractor(peer.clone()).finish().map(Arc::new)
}

fn refuse(error: GovernorError) -> Response {
    let GovernorError::TooManyRequests { wait_time, .. } = error else {
        return Problem::of(ErrorKind::Internal).into_response();
    };
    let mut response = Problem::of(ErrorKind::TooManyRequests).into_response();
    // Whole seconds, and the part of one that is left over.
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait_time + 1));
    response
}
