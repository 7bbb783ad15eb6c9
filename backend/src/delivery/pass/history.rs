//! Commits and what they brought: read from the Git host when the head or a synced commit is a new one.

use domain::{delivery::image_overrides, scaffold::tree::CommitId};

use super::{Pass, Place, Source, Stop, held, look::Seen, overlay};
use crate::{
    Error,
    delivery::record::{self, Review},
    git_host::Revision,
};

const MOST_COMMITS: u8 = 50;

/// A host that does not answer costs the history, not the look.
pub(super) async fn follow(pass: &Pass<'_>, source: &Source, seen: &[Seen]) -> Result<(), Stop> {
    match read(pass, source, seen).await {
        Err(Stop::Platform(error @ (Error::Unavailable { .. } | Error::NotFound))) => {
            tracing::warn!(repository = %source.repository, %error, "commits could not be read");
            Ok(())
        }
        other => other,
    }
}

async fn read(pass: &Pass<'_>, source: &Source, seen: &[Seen]) -> Result<(), Stop> {
    let Some(head) = seen.iter().filter_map(|seen| seen.source()?.commit).next() else { return Ok(()) };
    if !record::knows_commit(pass.db, source.id, head.as_str()).await? {
        let at = Revision::Branch(source.branch.clone());
        let commits = pass.git_host.list_commits(&source.repository, &at, MOST_COMMITS).await?;
        held(record::commits(pass.db, pass.claim, &commits).await?)?;
    }
    for (place, seen) in source.places.iter().zip(seen) {
        let applied = seen.observed().sync.and_then(|sync| sync.applied);
        if place.desired_commit.as_deref() != Some(head.as_str()) {
            let files = files(pass, source, &head, place).await?;
            held(record::desired(pass.db, pass.claim, place.id, head.as_str(), &images(&files, seen)).await?)?;
        }
        if let Some(applied) = applied.filter(|a| place.reviewed_commit.as_deref() != Some(a.as_str())) {
            let files = files(pass, source, &applied, place).await?;
            let (content, images) = (overlay::hash(&files), images(&files, seen));
            let review = Review { place: place.id, commit: applied.as_str(), content, images: &images };
            held(record::review(pass.db, pass.claim, &review).await?)?;
        }
    }
    Ok(())
}

/// A folder that is no overlay as we know it counts as an empty one.
async fn files(pass: &Pass<'_>, source: &Source, at: &CommitId, place: &Place) -> Result<overlay::Files, Stop> {
    match overlay::read(pass.git_host, &source.repository, at, &place.intent.folder).await {
        Err(Error::Conflict { .. }) => Ok(overlay::Files::new()),
        other => Ok(other?),
    }
}

/// What the overlay sets; where it cannot be read, what the workloads name.
fn images(files: &overlay::Files, seen: &Seen) -> Vec<String> {
    let set = overlay::kustomization(files).and_then(|(_, text)| image_overrides(text).ok()).unwrap_or_default();
    if set.is_empty() {
        return seen.observed().images().into_iter().map(str::to_owned).collect();
    }
    set.iter().map(|image| image.image()).collect()
}
