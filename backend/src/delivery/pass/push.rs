//! Pushes a change that people agreed to. The commit follows from the stored change alone, so that pushing it again
//! after a crash finds it there.

use std::collections::BTreeSet;

use domain::{
    delivery::ChangeState,
    scaffold::tree::{
        CommitId, CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, RelPath, Signature,
    },
};

use super::{Pass, Source, Stop, held};
use crate::{
    Error, Result as Platform,
    delivery::record::{self, OpenChange},
    git_host::{FileAt, Revision, Update},
};

/// Others may push meanwhile; each time the change is put on top of theirs.
const MOST_ATTEMPTS: usize = 5;

/// Answers the id of the commit when it is there.
pub(super) async fn push(pass: &Pass<'_>, source: &Source, change: &OpenChange) -> Result<Option<String>, Stop> {
    let mut parent = parsed(change.parent.as_deref())?;
    for _ in 0..MOST_ATTEMPTS {
        pass.guard().await?;
        let commit = commit(change, parent)?;
        match pass.git_host.push_update(&source.repository, &source.branch, &commit).await? {
            Update::Pushed(id) | Update::AlreadyThere(id) => {
                held(record::pushed(pass.db, pass.claim, change, id.as_str()).await?)?;
                return Ok(Some(id.into()));
            }
            Update::Moved { head: None } => return Err(Stop::Platform(Error::NotFound)),
            Update::Moved { head: Some(head) } => {
                if !is_as_read(pass, source, change, &head).await? {
                    let sentence = "The files have changed since this was worked out, so what you read is not what \
                                    would happen. Start it again.";
                    held(record::end_change(pass.db, pass.claim, change.id, ChangeState::Stale, sentence).await?)?;
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

/// Whether every file still is what the reader of the difference saw on its left side.
async fn is_as_read(pass: &Pass<'_>, source: &Source, change: &OpenChange, head: &CommitId) -> Platform<bool> {
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
    Ok(true)
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
