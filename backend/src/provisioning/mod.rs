//! Namespaces: what people declare in Postgres, and the loop that keeps a cluster equal to it.
//!
//! * `declare`, `read`: what people do and see. * `queue`: whose turn it is. * `pass`: one look at one namespace.
//! * `worker`: everything together, until it is told to stop.

mod budget;
mod capability;
mod condition_row;
mod declare;
mod drift_row;
mod intent;
pub mod leases;
mod pass;
mod preview;
mod queue;
mod read;
mod record;
mod rights;
mod standing;
mod triggers;
mod worker;

pub use budget::set_budget;
pub(crate) use capability::register_cluster;
#[cfg(test)]
pub(crate) use declare::declare_in;
pub use declare::{Declaration, Declared, declare, grant_accelerators};
pub(crate) use preview::{Preview, Scratch, judged, unverified};
pub use read::{NamespaceFilter, NamespacePage, find, list};
pub use rights::{ClusterRights, rights};
pub(crate) use standing::{Standing, ensure_declared, is_connected, standing};
pub use worker::{WorkerSettings, run};

#[cfg(test)]
mod tests;
