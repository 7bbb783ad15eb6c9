//! What a pass leaves behind, all of it under its fence. Each answers whether the claim still held; when not, nothing
//! was written.

mod change;
mod look;
mod pin;
mod told;

pub(super) use change::{
    FileChange, OpenChange, Prepared, end_change, open_changes, parent, prepared, pushed, synced, syncing,
};
pub(super) use look::{
    Comparison, Look, Review, addresses, begin_credential, commits, compared, credential, desired, knows_commit, look,
    review,
};
pub(super) use pin::adopted;
pub(super) use told::{pushes_told, webhook};
