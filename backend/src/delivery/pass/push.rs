//! Pushes a change that people agreed to. The commit follows from the stored change alone, so that pushing it again
//! after a crash finds it there.

use std::collections::BTreeSet;

use domain::{
    delivery::ChangeState,
    scaffold::tree::{
        CommitId, CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, RelPath, Signature,
    },
};

use super::{Pass, Place, Source, Stop, held, reading, tree::Trees};
use crate::{
    Error, Result as Platform,
    delivery::record::{self, OpenChange},
    git_host::{FileAt, Revision, Update},
};

/// Others may push meanwhile; each time the change is put on top of theirs.
const MOST_ATTEMPTS: usize = 5;

const CHANGED: &str = "The files have changed since this was worked out, so what you read is not what would happen. \
                       Start it again.";
const RELEASED: &str = "Something else was released here since this was worked out, so what you read is not what would \
                        change. Start it again.";

/// Answers the id of the commit when it is there.
pub(super) async fn push(
    pass: &Pass<'_>,
    source: &Source,
    trees: &Trees<'_>,
    change: &OpenChange,
) -> Result<Option<String>, Stop> {
    let target = source.places.iter().find(|place| place.id == change.place).ok_or(Error::NotFound)?;
    let mut parent = parsed(change.parent.as_deref())?;
    if target.intent.pin.is_some() && !change.is_approved {
        return Err(Stop::Platform(Error::internal("a change of production that nobody approved")));
    }
    if !is_pinned_as_read(target, change) {
        held(record::end_change(pass.db, pass.claim, change.id, ChangeState::Stale, RELEASED).await?)?;
        return Ok(None);
    }
    for _ in 0..MOST_ATTEMPTS {
        pass.guard().await?;
        let commit = commit(change, parent)?;
        match pass.git_host.push_update(&source.repository, &source.branch, &commit).await? {
            Update::Pushed(id) | Update::AlreadyThere(id) => {
                let is_pinned = target.intent.pin.is_some();
                held(record::pushed(pass.db, pass.claim, change, id.as_str(), is_pinned).await?)?;
                return Ok(Some(id.into()));
            }
            Update::Moved { head: None } => return Err(Stop::Platform(Error::NotFound)),
            Update::Moved { head: Some(head) } => {
                if !is_as_read(pass, source, trees, target, change, &head).await? {
                    held(record::end_change(pass.db, pass.claim, change.id, ChangeState::Stale, CHANGED).await?)?;
                    return Ok(None);
                }
                // Kept before it is used: whoever goes on after a crash must make the same commit.
                held(record::parent(pass.db, pass.claim, change.id, head.as_str()).await?)?;
                parent = head;
            }
        }
    }
    // So much is being pushed that the next look may fare better.
    Ok(None)
}

/// Whether the left side of the difference is what runs.
fn is_pinned_as_read(target: &Place, change: &OpenChange) -> bool {
    target.intent.pin.as_ref().map(CommitId::as_str) == change.compared_with.as_deref()
}

/// Whether every file that is written still is what the reader of the difference saw, and, where that is more, whether
/// everything that is built from still would be what they saw on its right side.
async fn is_as_read(
    pass: &Pass<'_>,
    source: &Source,
    trees: &Trees<'_>,
    target: &Place,
    change: &OpenChange,
    head: &CommitId,
) -> Platform<bool> {
    let at = Revision::Commit(head.clone());
    for file in &change.files {
        let found = match pass.git_host.read_file(&source.repository, &at, &file.path).await? {
            FileAt::Bytes(bytes) => Some(bytes),
            FileAt::Missing => None,
            FileAt::TooLarge => return Ok(false),
        };
        if found.as_deref() != file.before.as_ref().map(String::as_bytes) {
            return Ok(false);
        }
    }
    match (&target.intent.pin, &change.content) {
        (None, _) => Ok(true),
        (Some(_), None) => Ok(false),
        (Some(_), Some(content)) => {
            reading::is_as_read(trees, head, &target.intent.folder, &change.files, content).await
        }
    }
}

fn commit(change: &OpenChange, parent: CommitId) -> Platform<CommitSpec> {
    let broken = |e: String| Error::internal(format!("delivery_change {}: {e}", change.id));
    let mut write = FileTree::new();
    let mut remove: BTreeSet<RelPath> = BTreeSet::new();
    for file in &change.files {
        match &file.after {
            Some(text) => {
                write.insert(file.path.clone(), FileContent::text(text.clone())).map_err(|e| broken(e.to_string()))?;
            }
            None => {
                remove.insert(file.path.clone());
            }
        }
    }
    let subject = OneLine::new(change.subject.as_deref().unwrap_or_default()).map_err(|e| broken(e.to_string()))?;
    // Somebody whose name or address cannot stand in a commit is named by the change alone.
    let address = change.email.clone().unwrap_or_else(|| format!("{}@noreply.invalid", change.login));
    let co_author = Signature::new(&change.name, &address).ok();
    Ok(CommitSpec {
        content: Content::Update { parent, remove, write },
        message: CommitMessage { subject, run: change.id, co_author },
        author: Signature::platform(),
        at: CommitTime::of(change.confirmed_at.unwrap_or(change.created_at)),
    })
}

fn parsed(id: Option<&str>) -> Platform<CommitId> {
    id.and_then(|id| id.parse().ok()).ok_or_else(|| Error::internal("a change without a parent"))
}
