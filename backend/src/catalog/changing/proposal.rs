//! What a change becomes at the Git host: a commit, and the words of its change request.

use domain::{
    access::PersonId,
    catalog::{
        EntityRef,
        edit::{Change, Fields},
    },
    scaffold::tree::{
        CommitId, CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, RelPath, Signature,
    },
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::prepared::{Prepared, refused};
use crate::{
    Error, Result,
    git_host::{Branch, RepositoryName},
};

/// A change that is not over.
pub(super) struct Open {
    pub(super) id: Uuid,
    pub(super) reference: EntityRef,
    pub(super) change: Change,
    pub(super) seen: Fields,
    pub(super) repository: RepositoryName,
    pub(super) branch: Branch,
    pub(super) path: String,
    pub(super) parent: Option<CommitId>,
    /// Of the change request; none while there is none.
    pub(super) number: Option<i64>,
    pub(super) created_at: OffsetDateTime,
    pub(super) is_late: bool,
    pub(super) person: PersonId,
    pub(super) login: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
}

/// The branch's only commit: it follows from the row alone.
pub(super) fn commit(open: &Open, parent: CommitId, prepared: &Prepared) -> Result<CommitSpec> {
    let mut write = FileTree::new();
    let path: RelPath = open.path.parse().map_err(|_| refused(unwritable(&open.path)))?;
    let content = FileContent { bytes: prepared.text.clone().into_bytes(), executable: prepared.is_executable };
    write.insert(path, content).map_err(|error| refused(error.to_string()))?;
    // Somebody whose name or address cannot stand in a commit is named by the change alone.
    let address = open.email.clone().unwrap_or_else(|| format!("{}@noreply.invalid", open.login));
    let co_author = Signature::new(&open.name, &address).ok();
    Ok(CommitSpec {
        content: Content::Update { parent, remove: Default::default(), write },
        message: CommitMessage { subject: subject(open)?, run: open.id, co_author },
        author: Signature::platform(),
        at: CommitTime::of(open.created_at),
    })
}

pub(super) fn subject(open: &Open) -> Result<OneLine> {
    let text = format!("Change {} of {}", listed(&open.change), open.reference.name());
    OneLine::new(&text).map_err(|error| Error::internal(format!("catalog_change {}: {error}", open.id)))
}

pub(super) fn body(open: &Open) -> String {
    // A login is shown as it is: nothing in it becomes a link or calls somebody.
    let login: String = open.login.chars().filter(|c| !c.is_control() && *c != '`').collect();
    format!(
        "`{login}` changes {} of `{}` in Waymark.\n\nOnly these fields are touched; comments, order and everything else in \
         the file stay as they are. Once this is merged, Waymark reads the file again.\n",
        listed(&open.change),
        open.reference
    )
}

/// "description", "description and tags", "description, tags and owner".
fn listed(change: &Change) -> String {
    match change.fields().as_slice() {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

pub(super) fn unwritable(path: &str) -> String {
    format!("The path {path} cannot be written on every system. Make this change by hand.")
}
