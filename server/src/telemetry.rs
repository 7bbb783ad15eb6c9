//! Structured logs on stdout and metrics for the operations port.

use std::{str::FromStr, time::Duration};

use backend::{Db, queue_depths};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, filter::ParseError};

use crate::shutdown::Shutdown;

/// As often as metrics are usually asked for.
const MEASURE_EVERY: Duration = Duration::from_secs(15);

/// What is logged, in the syntax of `tracing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter(String);

impl Default for LogFilter {
    fn default() -> Self {
        Self("info".to_owned())
    }
}

impl FromStr for LogFilter {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        EnvFilter::try_new(text).map(|_| Self(text.to_owned()))
    }
}

/// Starts logging as JSON lines.
pub fn start_logs(filter: &LogFilter) {
    tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(EnvFilter::new(&filter.0)).init();
}

/// Starts metrics; the handle renders them as Prometheus text.
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}

/// Keeps telling how much waits for the workers, until told to stop. While the database is away the last figures stand.
pub async fn measure_queues(db: Db, mut shutdown: Shutdown) {
    let mut every = tokio::time::interval(MEASURE_EVERY);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            () = shutdown.requested() => return,
        }
        match queue_depths(&db).await {
            Ok(depths) => {
                for depth in depths {
                    let queue = depth.queue;
                    metrics::gauge!("queue_pending", "queue" => queue.clone()).set(depth.pending as f64);
                    metrics::gauge!("queue_oldest_seconds", "queue" => queue).set(depth.oldest_seconds);
                }
            }
            Err(error) => tracing::warn!(%error, "the queues were not measured"),
        }
    }
}
