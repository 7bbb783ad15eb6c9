//! What a change makes of a file at a commit. The same change on the same commit always gives the same.

use domain::{
    catalog::{
        EntityRef,
        edit::{self, Change, EditError, Fields},
    },
    scaffold::tree::{CommitId, RelPath},
};
use similar::TextDiff;

use crate::{
    Error, Result,
    git_host::{FileAt, FileKind, GitHost, RepositoryName, Revision},
};

/// The file as it is to be.
pub(super) struct Prepared {
    pub(super) text: String,
    pub(super) is_executable: bool,
    /// Of the entity's own part.
    pub(super) diff: String,
}

pub(super) struct Wanted<'a> {
    pub(super) reference: &'a EntityRef,
    pub(super) change: &'a Change,
    /// What the fields said to whoever asked.
    pub(super) seen: &'a Fields,
}

/// Why it cannot be done is [`Error::Conflict`], with a full sentence.
pub(super) async fn prepare(
    git_host: &dyn GitHost,
    (repository, parent, path): (&RepositoryName, &CommitId, &RelPath),
    wanted: &Wanted<'_>,
) -> Result<Prepared> {
    let at = Revision::Commit(parent.clone());
    let bytes = match git_host.read_file(repository, &at, path).await? {
        FileAt::Bytes(bytes) => bytes,
        FileAt::Missing => {
            return Err(refused(format!(
                "{repository} has no file {path} any more. Look for where the entity is described now."
            )));
        }
        FileAt::TooLarge => return Err(refused(EditError::TooLarge.to_string())),
    };
    let before = String::from_utf8(bytes)
        .map_err(|_| refused(format!("{path} is not written in UTF-8. Make this change by hand.")))?;
    let text = edit::write(&before, wanted.reference, wanted.change).map_err(|error| refused(error.to_string()))?;
    let section = edit::find(&before, wanted.reference).map_err(|error| refused(error.to_string()))?;
    judge(&section.fields, wanted, before == text)?;
    let after = edit::find(&text, wanted.reference).map_err(|error| refused(error.to_string()))?;
    let diff = difference(path.as_str(), section.text, after.text);
    let list = git_host.list_files(repository, &at).await?;
    let kind = list.files.iter().find(|row| row.path == path.as_str()).map(|row| row.kind);
    Ok(Prepared { text, is_executable: kind == Some(FileKind::Executable), diff })
}

/// Nobody's words are written over unseen.
fn judge(found: &Fields, wanted: &Wanted<'_>, is_same: bool) -> Result<()> {
    if is_same {
        return Err(refused("The file says this already. The catalog reads it again within minutes.".to_owned()));
    }
    let touched = wanted.change.fields();
    let moved: Vec<&str> = wanted.seen.differing(found).into_iter().filter(|field| touched.contains(field)).collect();
    if moved.is_empty() {
        return Ok(());
    }
    Err(refused(format!(
        "Somebody has changed this in the file meanwhile: {}. Look at the entry once it has been read again, then change it \
         there.",
        moved.join(", ")
    )))
}

pub(super) fn refused(detail: String) -> Error {
    Error::Conflict { code: "change_refused", detail }
}

/// Unified, three lines around each change.
pub(super) fn difference(name: &str, before: &str, after: &str) -> String {
    let (old, new) = (format!("a/{name}"), format!("b/{name}"));
    TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(&old, &new).to_string()
}
