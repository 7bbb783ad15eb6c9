//! Changes of entities that people make in their pages. What lives in a file at the Git host becomes a change request
//! there, which a worker opens; what lives here is changed at once; a file that only people can write is shown as it is
//! to be.
//!
//! * `target`: who may change what, and where it lives. * `form`, `draft`: what people type. * `ask`, `here`, `adopt`: what
//!   becomes of it at once. * `worker`, `look`, `prepared`, `proposal`: what a worker does. * `view`: what people see.

mod adopt;
mod ask;
mod draft;
mod form;
mod here;
mod look;
mod prepared;
mod proposal;
mod queue;
mod target;
#[cfg(test)]
mod tests;
mod view;
mod worker;

pub use adopt::adopt;
pub use ask::request_change;
pub use draft::{discard_change_draft, purge_change_drafts, save_change_draft};
pub use form::{EditForm, OwnerChoice, edit_form};
pub(super) use look::woken;
pub use target::{Home, may_change};
pub use view::{EntityChange, EntityChangeState, changes_of, find_entity_change};
pub(super) use worker::keep_changes;
