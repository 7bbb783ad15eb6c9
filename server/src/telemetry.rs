//! Structured logs on stdout and metrics for the operations port.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Starts logging as JSON lines; `WAYMARK_LOG` takes the filter syntax of `tracing` (default `info`).
pub fn start_logs(filter: Option<String>) {
    let filter = filter.unwrap_or_else(|| "info".to_owned());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().flatten_event(true).with_env_filter(filter).init();
}

/// Starts metrics; the handle renders them as Prometheus text.
pub fn start_metrics() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().ok()
}
