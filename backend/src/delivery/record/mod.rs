//! What a pass leaves behind, all of it under its fence. Each answers whether the claim still held; when not, nothing
//! was written.

mod change;
mod look;

pub(super) use change::{
    FileChange, OpenChange, Prepared, end_change, open_changes, parent, prepared, pushed, synced, syncing,
};
pub(super) use look::{
    Look, Review, addresses, begin_credential, commits, credential, desired, knows_commit, look, review,
};
