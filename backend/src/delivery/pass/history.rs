//! Commits and what they brought: read from the Git host when the head or a synced commit is a new one.

use domain::{delivery::image_overrides, scaffold::tree::CommitId};

use super::{
    Pass, Place, Source, Stop, held,
    look::Seen,
    overlay::{self, Files},
    reading::readable,
    tree::Trees,
    unreleased,
};
use crate::{
    Error,
    delivery::record::{self, Review},
    git_host::Revision,
};

const MOST_COMMITS: u8 = 50;

/// A host that does not answer costs the history, not the look.
pub(super) async fn follow(pass: &Pass<'_>, source: &Source, trees: &Trees<'_>, seen: &[Seen]) -> Result<(), Stop> {
    match read(pass, source, trees, seen).await {
        Err(Stop::Platform(error @ (Error::Unavailable { .. } | Error::NotFound))) => {
            tracing::warn!(repository = %source.repository, %error, "commits could not be read");
            Ok(())
        }
        other => other,
    }
}

async fn read(pass: &Pass<'_>, source: &Source, trees: &Trees<'_>, seen: &[Seen]) -> Result<(), Stop> {
    let Some(head) = head(pass, source, seen).await? else { return Ok(()) };
    if !knows(pass, source, &head).await? {
        let at = Revision::Branch(source.branch.clone());
        let commits = pass.git_host.list_commits(&source.repository, &at, MOST_COMMITS).await?;
        held(record::commits(pass.db, pass.claim, &commits).await?)?;
    }
    for (place, seen) in source.places.iter().zip(seen).filter(|(place, _)| !place.is_unpinned()) {
        let (applied, wanted) = (seen.observed().sync.and_then(|sync| sync.applied), place.wanted(&head));
        if place.desired_commit.as_deref() != Some(wanted.as_str()) {
            let images = images(&files(trees, wanted, place).await?, place, seen);
            held(record::desired(pass.db, pass.claim, place.id, wanted.as_str(), &images).await?)?;
        }
        if let Some(applied) = applied.filter(|a| place.reviewed_commit.as_deref() != Some(a.as_str())) {
            let files = files(trees, &applied, place).await?;
            let (content, images) = (overlay::hash(&files), images(&files, place, seen));
            let review = Review { place: place.id, commit: applied.as_str(), content, images: &images };
            held(record::review(pass.db, pass.claim, &review).await?)?;
        }
        unreleased::compare(pass, source, trees, place, &head).await?;
    }
    Ok(())
}

/// The head, and every pin that the branch was not compared with yet.
async fn knows(pass: &Pass<'_>, source: &Source, head: &CommitId) -> Result<bool, Stop> {
    let pins = source.places.iter().filter_map(|place| {
        let pin = place.intent.pin.as_ref()?;
        (place.compared.1.as_deref() != Some(pin.as_str())).then_some(pin)
    });
    for commit in pins.chain([head]) {
        if !record::knows_commit(pass.db, source.id, commit.as_str()).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the engine has fetched where it follows the branch; asked of the host where nothing does.
async fn head(pass: &Pass<'_>, source: &Source, seen: &[Seen]) -> Result<Option<CommitId>, Stop> {
    if source.is_all_pinned() {
        return Ok(pass.git_host.branch_head(&source.repository, &source.branch).await?);
    }
    let following = source.places.iter().zip(seen).filter(|(place, _)| place.intent.pin.is_none());
    Ok(following.filter_map(|(_, seen)| seen.source()?.commit).next())
}

/// What makes one release another: the overlay, and for a pinned environment everything that it is built from. A folder
/// that is no overlay as we know it counts as an empty one.
async fn files(trees: &Trees<'_>, at: &CommitId, place: &Place) -> Result<Files, Stop> {
    let tree = match trees.at(at).await {
        // The history of the branch was rewritten; what runs goes on.
        Err(Error::NotFound) => return Ok(Files::new()),
        other => other?,
    };
    let folder = &place.intent.folder;
    let files = match &place.intent.pin {
        Some(_) => tree.built_from(folder).await,
        None => tree.folder(folder).await,
    };
    Ok(readable(files)?.unwrap_or_default())
}

/// What the overlay sets; where it cannot be read, what the workloads name.
fn images(files: &Files, place: &Place, seen: &Seen) -> Vec<String> {
    let text = overlay::kustomization(files, &place.intent.folder).map(|(_, text)| text);
    let set = text.and_then(|text| image_overrides(text).ok()).unwrap_or_default();
    if set.is_empty() {
        return seen.observed().images().into_iter().map(str::to_owned).collect();
    }
    set.iter().map(|image| image.image()).collect()
}
