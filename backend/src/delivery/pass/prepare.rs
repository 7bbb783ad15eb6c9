//! Works out what a change would change, on the head of the branch as it is now.

use domain::{
    delivery::{ChangeKind, ImageRef, image_overrides, promote, subject},
    scaffold::tree::{CommitId, RelPath},
};
use serde_json::Value;
use similar::TextDiff;

use super::{
    Pass, Place, Source, Stop, held,
    overlay::{self, Files},
    reading::{self, Reading, file_changes},
    tree::{Tree, Trees},
};
use crate::{
    Error, Result as Platform,
    delivery::record::{self, FileChange, OpenChange, Prepared},
};

pub(super) async fn prepare(
    pass: &Pass<'_>,
    source: &Source,
    trees: &Trees<'_>,
    change: &OpenChange,
) -> Result<(), Stop> {
    let target = place(source, change.place)?;
    let head = pass.git_host.branch_head(&source.repository, &source.branch).await?.ok_or(Error::NotFound)?;
    let tree = trees.at(&head).await?;
    let present = tree.folder(&target.intent.folder).await?;
    let (before, after, from) = match change.kind {
        ChangeKind::Promote => {
            let (after, from) = promotion(source, trees, change, &present).await?;
            (present, after, from)
        }
        ChangeKind::RollBack => {
            let (before, after) = former(trees, &tree, change, target).await?;
            (before, after, "")
        }
        ChangeKind::Release => (present.clone(), present, source.branch.as_str()),
    };
    let files = file_changes(&before, &after);
    let read = match &target.intent.pin {
        Some(_) => reading::of_pinned(source, trees, &head, target, (change.kind, &files)).await?,
        None => Reading { shown: files.clone(), content: None, notes: Vec::new() },
    };
    if read.shown.is_empty() {
        let detail = format!("{} has exactly this already, so there is nothing to change.", target.intent.environment);
        return Err(Stop::Platform(Error::Conflict { code: "nothing_to_change", detail }));
    }
    let version = version(&after, &target.intent.folder);
    let prepared = Prepared {
        parent: head.as_str(),
        subject: &subject(change.kind, &target.intent.service, &version, from, &target.intent.environment),
        diff: &diff(&read.shown),
        files: &files,
        compared_with: target.intent.pin.as_ref().map(CommitId::as_str),
        content: read.content,
        notes: &read.notes,
    };
    held(record::prepared(pass.db, pass.claim, change.id, &prepared).await?)
}

/// The target's overlay with the images that run in the other environment; and that environment's name.
async fn promotion<'a>(
    source: &'a Source,
    trees: &Trees<'_>,
    change: &OpenChange,
    before: &Files,
) -> Platform<(Files, &'a str)> {
    let from = change.from.ok_or_else(|| Error::internal("a promotion without an origin"))?;
    let from = place(source, from)?;
    let running = from.observed.as_ref().and_then(|o| o.sync.as_ref()?.applied.clone()).ok_or_else(|| {
        refused(format!("Nothing is synced in {} yet, so there is nothing to promote.", from.intent.environment))
    })?;
    let origin = trees.at(&running).await?.folder(&from.intent.folder).await?;
    let (_, text) =
        overlay::kustomization(&origin, &from.intent.folder).ok_or_else(|| no_overlay(&from.intent.folder))?;
    let images = image_overrides(text).map_err(|e| refused(format!("{}: {e}", from.intent.environment)))?;
    let (path, text) = overlay::kustomization(before, &change.folder).ok_or_else(|| no_overlay(&change.folder))?;
    let promoted = promote(text, &images).map_err(|e| refused(e.to_string()))?;
    check(text, &promoted)?;
    let mut after = before.clone();
    after.insert(path.clone(), promoted);
    Ok((after, &from.intent.environment))
}

/// The files as they are on the branch and as they were: the overlay, and for a pinned environment everything that it
/// was built from, because what others changed of that does not follow the branch back.
async fn former(trees: &Trees<'_>, head: &Tree<'_>, change: &OpenChange, target: &Place) -> Platform<(Files, Files)> {
    let to = change.to_commit.as_deref().and_then(|id| id.parse::<CommitId>().ok());
    let to = to.ok_or_else(|| Error::internal("a roll-back without a commit"))?;
    let (then, folder) = (trees.at(&to).await?, &target.intent.folder);
    let after = match &target.intent.pin {
        Some(_) => then.built_from(folder).await?,
        None => then.folder(folder).await?,
    };
    overlay::kustomization(&after, folder).ok_or_else(|| no_overlay(folder))?;
    let mut before = head.folder(folder).await?;
    before.extend(head.files(folder, after.keys()).await?);
    Ok((before, after))
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
fn version(files: &Files, folder: &RelPath) -> String {
    let images =
        overlay::kustomization(files, folder).and_then(|(_, text)| image_overrides(text).ok()).unwrap_or_default();
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
