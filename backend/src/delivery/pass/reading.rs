//! What somebody reads before a pinned environment is changed: everything that it is built from, as it runs now and as
//! it would be, whoever pushed it.

use std::collections::BTreeSet;

use domain::{
    delivery::{ChangeKind, rides_along, shared, taken_back},
    scaffold::tree::{CommitId, RelPath},
};

use super::{
    Place, Source,
    overlay::{self, Files},
    tree::Trees,
};
use crate::{Error, Result, delivery::record::FileChange};

pub(super) struct Reading {
    pub(super) shown: Vec<FileChange>,
    /// Of everything that it will be built from.
    pub(super) content: Option<[u8; 32]>,
    /// What comes with it beside what was asked for.
    pub(super) notes: Vec<String>,
}

/// `files` are what the commit would write on top of `head`.
pub(super) async fn of_pinned(
    source: &Source,
    trees: &Trees<'_>,
    head: &CommitId,
    target: &Place,
    change: (ChangeKind, &[FileChange]),
) -> Result<Reading> {
    let (folder, (_, files)) = (&target.intent.folder, change);
    let after = trees.at(head).await?.with(files).built_from(folder).await?;
    let (before, mut notes) = match running(trees, target).await? {
        Ok(before) => {
            let notes = from_others(source, trees, head, target, (&before, &after), change).await?;
            (before, notes)
        }
        Err(sentence) => {
            let note = format!("What runs now cannot be compared with it, so every file is shown as new. {sentence}");
            (Files::new(), vec![note])
        }
    };
    notes.extend(with_others(source, trees, head, target, files).await?);
    Ok(Reading { shown: file_changes(&before, &after), content: Some(overlay::hash(&after)), notes })
}

/// Whether exactly what was read would run, were these files written on top of `head`.
pub(super) async fn is_as_read(
    trees: &Trees<'_>,
    head: &CommitId,
    folder: &RelPath,
    files: &[FileChange],
    content: &[u8],
) -> Result<bool> {
    match trees.at(head).await?.with(files).built_from(folder).await {
        Ok(after) => Ok(overlay::hash(&after)[..] == *content),
        Err(Error::Conflict { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn file_changes(before: &Files, after: &Files) -> Vec<FileChange> {
    let paths: BTreeSet<&RelPath> = before.keys().chain(after.keys()).collect();
    let of = |path: &RelPath| FileChange {
        path: path.clone(),
        before: before.get(path).cloned(),
        after: after.get(path).cloned(),
    };
    paths.into_iter().map(of).filter(|change| change.before != change.after).collect()
}

/// What the environment is built from now; a sentence where that cannot be told, such as after the history was rewritten.
pub(super) async fn running(trees: &Trees<'_>, place: &Place) -> Result<std::result::Result<Files, String>> {
    let Some(pin) = &place.intent.pin else { return Ok(Err("It is not pinned yet.".to_owned())) };
    let tree = match trees.at(pin).await {
        Ok(tree) => tree,
        Err(Error::NotFound) => return Ok(Err(format!("The commit {pin} is not at the Git host any more."))),
        Err(error) => return Err(error),
    };
    readable(tree.built_from(&place.intent.folder).await)
}

/// A state that cannot be understood is told; that nobody answers is not.
pub(super) fn readable(files: Result<Files>) -> Result<std::result::Result<Files, String>> {
    match files {
        Ok(files) => Ok(Ok(files)),
        Err(Error::Conflict { detail, .. }) => Ok(Err(detail)),
        Err(error) => Err(error),
    }
}

/// What was pushed since by others and comes along, or is taken back.
async fn from_others(
    source: &Source,
    trees: &Trees<'_>,
    head: &CommitId,
    target: &Place,
    (before, after): (&Files, &Files),
    (kind, files): (ChangeKind, &[FileChange]),
) -> Result<Vec<String>> {
    let (branch, environment) = (source.branch.as_str(), &target.intent.environment);
    let at_head = match readable(trees.at(head).await?.built_from(&target.intent.folder).await)? {
        Ok(files) => files,
        Err(sentence) => {
            return Ok(vec![format!("What {branch} holds for {environment} now cannot be read. {sentence}")]);
        }
    };
    let is_written = |path: &RelPath| files.iter().any(|file| file.path == *path);
    let pushed = file_changes(before, &at_head);
    // A roll-back writes whole files of then; a promotion keeps what others wrote beside the image.
    let (gone, kept): (Vec<_>, Vec<_>) =
        pushed.iter().partition(|file| kind == ChangeKind::RollBack && is_written(&file.path));
    let kept = kept.into_iter().filter(|file| before.get(&file.path) != after.get(&file.path));
    let mut notes = Vec::new();
    let (gone, kept) = (paths(gone.into_iter()), paths(kept));
    if !kept.is_empty() {
        notes.push(rides_along(branch, environment, &kept));
    }
    if !gone.is_empty() {
        notes.push(taken_back(branch, environment, &gone));
    }
    Ok(notes)
}

/// Environments that follow the branch and are built from what is written.
async fn with_others(
    source: &Source,
    trees: &Trees<'_>,
    head: &CommitId,
    target: &Place,
    files: &[FileChange],
) -> Result<Option<String>> {
    let own = format!("{}/", target.intent.folder);
    let outside: Vec<&FileChange> = files.iter().filter(|file| !file.path.as_str().starts_with(&own)).collect();
    let (mut environments, mut common) = (Vec::new(), BTreeSet::new());
    for place in source.places.iter().filter(|place| place.id != target.id && place.intent.pin.is_none()) {
        if outside.is_empty() {
            break;
        }
        let tree = trees.at(head).await?.with(files);
        let Ok(built_from) = readable(tree.built_from(&place.intent.folder).await)? else { continue };
        let touched: Vec<_> = outside.iter().filter(|file| built_from.contains_key(&file.path)).collect();
        if !touched.is_empty() {
            environments.push(place.intent.environment.clone());
            common.extend(touched.into_iter().map(|file| file.path.to_string()));
        }
    }
    Ok((!environments.is_empty()).then(|| shared(&environments, &common.into_iter().collect::<Vec<_>>())))
}

fn paths<'f>(files: impl Iterator<Item = &'f FileChange>) -> Vec<String> {
    files.map(|file| file.path.to_string()).collect()
}
