//! Works out what a change would change, on the head of the branch as it is now.

use std::collections::BTreeSet;

use domain::{
    delivery::{ChangeKind, ImageRef, image_overrides, promote, subject},
    scaffold::tree::{CommitId, RelPath},
};
use serde_json::Value;
use similar::TextDiff;

use super::{Pass, Place, Source, Stop, held, overlay};
use crate::{
    Error, Result as Platform,
    delivery::record::{self, FileChange, OpenChange, Prepared},
};

pub(super) async fn prepare(pass: &Pass<'_>, source: &Source, change: &OpenChange) -> Result<(), Stop> {
    let target = place(source, change.place)?;
    let head = pass.git_host.branch_head(&source.repository, &source.branch).await?.ok_or(Error::NotFound)?;
    let before = overlay::read(pass.git_host, &source.repository, &head, &target.intent.folder).await?;
    let (after, from) = match change.kind {
        ChangeKind::Promote => promotion(pass, source, change, &before).await?,
        ChangeKind::RollBack => (former(pass, source, change, target).await?, ""),
    };
    let files = file_changes(&before, &after);
    if files.is_empty() {
        let detail = format!("{} has exactly this already, so there is nothing to change.", target.intent.environment);
        return Err(Stop::Platform(Error::Conflict { code: "nothing_to_change", detail }));
    }
    let version = version(&after);
    let prepared = Prepared {
        parent: head.as_str(),
        subject: &subject(change.kind, &target.intent.service, &version, from, &target.intent.environment),
        diff: &diff(&files),
        files: &files,
    };
    held(record::prepared(pass.db, pass.claim, change.id, &prepared).await?)
}

/// The target's overlay with the images that run in the other environment; and that environment's name.
async fn promotion<'a>(
    pass: &Pass<'_>,
    source: &'a Source,
    change: &OpenChange,
    before: &overlay::Files,
) -> Platform<(overlay::Files, &'a str)> {
    let from = change.from.ok_or_else(|| Error::internal("a promotion without an origin"))?;
    let from = place(source, from)?;
    let running = from.observed.as_ref().and_then(|o| o.sync.as_ref()?.applied.clone()).ok_or_else(|| {
        refused(format!("Nothing is synced in {} yet, so there is nothing to promote.", from.intent.environment))
    })?;
    let origin = overlay::read(pass.git_host, &source.repository, &running, &from.intent.folder).await?;
    let (_, text) = overlay::kustomization(&origin).ok_or_else(|| no_overlay(&from.intent.folder))?;
    let images = image_overrides(text).map_err(|e| refused(format!("{}: {e}", from.intent.environment)))?;
    let (path, text) = overlay::kustomization(before).ok_or_else(|| no_overlay(&change.folder))?;
    let promoted = promote(text, &images).map_err(|e| refused(e.to_string()))?;
    check(text, &promoted)?;
    let mut after = before.clone();
    after.insert(path.clone(), promoted);
    Ok((after, &from.intent.environment))
}

/// The overlay as it was.
async fn former(pass: &Pass<'_>, source: &Source, change: &OpenChange, target: &Place) -> Platform<overlay::Files> {
    let to = change.to_commit.as_deref().and_then(|id| id.parse::<CommitId>().ok());
    let to = to.ok_or_else(|| Error::internal("a roll-back without a commit"))?;
    let files = overlay::read(pass.git_host, &source.repository, &to, &target.intent.folder).await?;
    if overlay::kustomization(&files).is_some() { Ok(files) } else { Err(no_overlay(&target.intent.folder)) }
}

/// An independent reader must agree that only the images differ.
fn check(before: &str, after: &str) -> Platform<()> {
    let read = |text: &str| -> Option<Value> {
        let options = serde_saphyr::options! { strict_booleans: true };
        let mut document: Value = serde_saphyr::from_str_with_options(text, options).ok()?;
        document.as_object_mut()?.remove("images");
        Some(document)
    };
    match (read(before), read(after)) {
        (Some(before), Some(after)) if before == after => Ok(()),
        _ => Err(refused("The overlay cannot be changed safely. Make this change by hand.".to_owned())),
    }
}

fn file_changes(before: &overlay::Files, after: &overlay::Files) -> Vec<FileChange> {
    let paths: BTreeSet<&RelPath> = before.keys().chain(after.keys()).collect();
    let of = |path: &RelPath| FileChange {
        path: path.clone(),
        before: before.get(path).cloned(),
        after: after.get(path).cloned(),
    };
    paths.into_iter().map(of).filter(|change| change.before != change.after).collect()
}

/// Unified, three lines around each change.
fn diff(files: &[FileChange]) -> String {
    let one = |file: &FileChange| {
        let (before, after) = (file.before.as_deref().unwrap_or_default(), file.after.as_deref().unwrap_or_default());
        let name = |is_there: bool, side: &str| {
            if is_there { format!("{side}/{}", file.path) } else { "/dev/null".to_owned() }
        };
        let (old, new) = (name(file.before.is_some(), "a"), name(file.after.is_some(), "b"));
        TextDiff::from_lines(before, after).unified_diff().context_radius(3).header(&old, &new).to_string()
    };
    files.iter().map(one).collect()
}

/// What the overlay will run, in a word.
fn version(files: &overlay::Files) -> String {
    let images = overlay::kustomization(files).and_then(|(_, text)| image_overrides(text).ok()).unwrap_or_default();
    images.first().map_or_else(|| "its overlay".to_owned(), |image| ImageRef::parse(&image.image()).version())
}

fn place(source: &Source, id: uuid::Uuid) -> Platform<&Place> {
    source.places.iter().find(|place| place.id == id).ok_or(Error::NotFound)
}

fn no_overlay(folder: &RelPath) -> Error {
    refused(format!("There is no kustomization.yaml in {folder}. Add one, or make this change by hand."))
}

fn refused(detail: String) -> Error {
    Error::Conflict { code: "change_refused", detail }
}
