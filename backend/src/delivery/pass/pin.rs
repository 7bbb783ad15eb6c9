//! A production environment that was declared before there were pins is pinned to what it runs.

use domain::scaffold::tree::CommitId;

use super::{Pass, Place, Source, Stop, held, look::Seen};
use crate::{Error, delivery::record};

/// Until it is pinned, nothing is told to the engine there.
pub(super) async fn adopt(pass: &Pass<'_>, source: &mut Source, seen: &mut [Seen]) -> Result<(), Stop> {
    let (repository, branch) = (source.repository.clone(), source.branch.clone());
    for (place, seen) in source.places.iter_mut().zip(seen) {
        if !place.is_unpinned() || !seen.is_in_order() {
            continue;
        }
        let commit = match running(place, seen) {
            Some(commit) => Ok(Some(commit)),
            None => pass.git_host.branch_head(&repository, &branch).await,
        };
        match commit {
            Ok(Some(commit)) => pin(pass, place, commit).await?,
            Ok(None) | Err(Error::NotFound) => {
                seen.waits_for = Some(format!("The branch {branch} of {repository} is not there. Push it again."));
            }
            Err(Error::Internal { detail }) => return Err(Stop::Platform(Error::internal(detail))),
            Err(error) => seen.waits_for = Some(format!("The head of {branch} could not be had: {error}.")),
        }
    }
    Ok(())
}

/// As the engine says now, else as it last said.
fn running(place: &Place, seen: &Seen) -> Option<CommitId> {
    let now = seen.observed().sync.and_then(|sync| sync.applied);
    now.or_else(|| place.observed.as_ref()?.sync.as_ref()?.applied.clone())
}

async fn pin(pass: &Pass<'_>, place: &mut Place, commit: CommitId) -> Result<(), Stop> {
    let detail = format!(
        "{} follows {} no longer. It stays at commit {commit}, which it ran, until a change is approved.",
        place.intent.environment, place.intent.branch
    );
    held(record::adopted(pass.db, pass.claim, place.id, commit.as_str(), &detail).await?)?;
    place.intent.pin = Some(commit);
    // As the row counts it: the engine's object changes by our own hand.
    place.revision += 1;
    Ok(())
}
