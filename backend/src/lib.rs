//! What touches the world: Postgres now, Kubernetes and Git hosts beside it.
//!
//! Operations take the [`Viewer`](domain::access::Viewer) first and put what they may see into the SQL itself.
//! No public signature names a type of the database driver.

pub mod access;
mod address;
pub mod audit;
pub mod catalog;
pub mod cluster;
mod db;
pub mod delivery;
mod error;
pub mod git_host;
pub mod golden_paths;
mod hints;
pub mod home;
pub mod idempotency;
mod keyed_queue;
pub mod kustomize;
pub mod maturity;
pub mod provisioning;
mod queues;
mod reference;
pub mod renderer;
mod retry;
pub mod scaffold;
pub mod webhooks;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use address::is_https_or_loopback;
pub use db::{Db, DbSettings, migrate};
pub use error::{Dependency, Error, Result};
pub use queues::{QueueDepth, queue_depths};

/// The schema, applied by `waymark migrate` and by every test to its own database.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
