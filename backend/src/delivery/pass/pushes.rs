//! After the Git host has told of a push: the head is read from the host itself, and the engine is told to look where it
//! follows the branch and has fetched another commit.

use domain::scaffold::tree::CommitId;

use super::{Pass, Place, Source, Stop, held, look::Seen};
use crate::{Error, delivery::record};

/// The head of the branch, when there was a push that the engine was not told of. A host that does not answer is asked at
/// the next look.
pub(super) async fn head(pass: &Pass<'_>, source: &Source) -> Result<Option<CommitId>, Stop> {
    if source.pushes == source.pushes_told {
        return Ok(None);
    }
    match pass.git_host.branch_head(&source.repository, &source.branch).await {
        Ok(head) => Ok(head),
        Err(error @ (Error::Unavailable { .. } | Error::NotFound)) => {
            tracing::warn!(repository = %source.repository, %error, "the head after a push could not be read");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// A pinned place stays at its commit whatever was pushed.
pub(super) async fn tell(pass: &Pass<'_>, place: &Place, seen: &mut Seen, head: &CommitId) -> Result<(), Stop> {
    let follows = place.intent.pin.is_none() && !place.is_unpinned();
    let fetched = seen.source().and_then(|source| source.commit);
    if !follows || !seen.is_in_order() || fetched.as_ref() == Some(head) {
        return Ok(());
    }
    // Each way from one commit to another is a request of its own, also when the branch goes back and forth.
    let at = format!("{}..{head}", fetched.map(|commit| commit.to_string()).unwrap_or_default());
    pass.guard().await?;
    let asked = pass.cluster.request_sync(place.namespace(), &at).await;
    seen.attempt(asked).map(drop)
}

/// What some place could not be told is told again at the next look.
pub(super) async fn told(pass: &Pass<'_>, source: &Source, seen: &[Seen]) -> Result<(), Stop> {
    if seen.iter().any(|seen| seen.failure.is_some()) {
        return Ok(());
    }
    held(record::pushes_told(pass.db, pass.claim, source.pushes).await?)
}
