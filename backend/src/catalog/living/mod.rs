//! Sources that live: files at the Git host that a worker reads again whenever they change. A source that cannot be read
//! leaves its entities as they were and says since when.
//!
//! * `address`: what people paste. * `request`, `accept`: an import, from being asked for to being taken over.
//! * `led`: the imports that an import leads to. * `source`: the rows. * `queue`: whose turn it is. * `worker`: everything together. * `read_source`, `read_import`,
//!   `list_repositories`, `webhook`: one look each. * `missing`, `moved`, `end`: how a source goes. * `view`, `inbox`, `claimed`, `circles`, `import_view`: what people see.

mod accept;
mod address;
mod adopt_repository;
mod circles;
mod claimed;
mod end;
mod import_view;
mod inbox;
mod led;
mod list_repositories;
mod look;
mod missing;
mod moved;
mod queue;
mod read_import;
mod read_source;
mod request;
mod source;
#[cfg(test)]
pub(in crate::catalog) mod tests;
mod undescribed;
mod view;
mod webhook;
mod worker;

pub use accept::{accept, accept_for_command};
pub(super) use address::{Address, Host};
pub use adopt_repository::adopt_repository;
pub use end::end_source;
pub use import_view::{Holder, ImportState, ImportView, LedImport, find_import};
pub use inbox::{InboxEntry, InboxGroup, MOST_COUNTED, error_count, inbox};
pub use led::MOST_LED;
pub use moved::accept_move;
pub use request::{
    Answered, Candidate, Candidates, answered, candidates, check_address, purge_imports, request_again,
    request_for_command, request_import,
};
pub(crate) use source::{declare_made, pushed};
pub use source::{look_again, look_again_at};
pub use undescribed::{MOST_UNDESCRIBED, Undescribed, undescribed};
pub(super) use view::page_at;
pub use view::{Pushes, SourceDetail, SourceFinding, SourceKind, SourceView, find_source, sources};
pub use worker::{WorkerSettings, run};
