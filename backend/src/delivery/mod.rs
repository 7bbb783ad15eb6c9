//! Delivery: which folder of which repository is kept running in which namespace, and the changes that people make to it.
//! Production runs one commit that was approved; everything else follows the branch.
//!
//! * `declare`, `change`, `read`: what people and runs do and see. * `pushed`: what the Git host tells.
//! * `queue`: whose turn it is.
//! * `pass`: one look at one repository and all places that it is delivered to.
//! * `worker`: everything together, until it is told to stop.

mod change;
mod declare;
mod kubeconfig;
mod load;
mod pass;
mod pushed;
mod queue;
mod reached;
mod read;
mod record;
mod triggers;
mod worker;

pub use change::{ChangeRequest, ChangeView, approve, changes, confirm, deny, find_change, request, withdraw};
pub(crate) use declare::{Wanted, ensure_declared};
pub use kubeconfig::{KubectlLogin, kubeconfig};
pub(crate) use pushed::pushed;
pub(crate) use reached::standing;
pub(crate) use read::views;
pub use read::{
    CommitView, DeliveryFilter, DeliveryPage, DeliveryView, EventView, PinnedView, ReleaseView, commits, list,
    of_service,
};
pub use worker::{WorkerSettings, run};

#[cfg(test)]
mod tests;
