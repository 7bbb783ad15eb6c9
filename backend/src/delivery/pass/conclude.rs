//! The end of a pass: what was seen is kept, and changes that have arrived are closed.

use super::{Outcome, Pass, Source, Stop, held, look::Seen};
use crate::delivery::{
    reached::is_reached,
    record::{self, Look},
};

pub(super) async fn conclude(pass: &Pass<'_>, source: &Source, seen: Vec<Seen>) -> Result<Outcome, Stop> {
    let (mut failure, mut is_moving) = (None, false);
    for (place, seen) in source.places.iter().zip(seen) {
        let observed = seen.observed();
        let carried_out = seen.is_in_order().then_some(place.revision);
        let refused = seen.failure.as_ref().map(|failure| format!("The cluster refused: {failure}"));
        let look = Look {
            place: place.id,
            observed: &observed,
            carried_out,
            problem: seen.waits_for.or(refused),
            healed: &seen.healed,
        };
        held(record::look(pass.db, pass.claim, &look).await?)?;
        let applied = observed.sync.as_ref().and_then(|sync| sync.applied.as_ref());
        let fetched = observed.source.as_ref().and_then(|source| source.commit.as_ref());
        let wanted = place.intent.pin.as_ref().or(fetched);
        is_moving |= !observed.is_available() || applied != fetched || applied != wanted || applied.is_none();
        failure = failure.or(seen.failure);
        if let Some(applied) = applied {
            is_moving |= settle_changes(pass, source, place.id, applied.as_str()).await?;
        }
    }
    Ok(match (failure, is_moving) {
        (Some(failure), _) => Outcome::Failed(Some(failure)),
        (None, true) => Outcome::Moving,
        (None, false) if source.is_all_pinned() => Outcome::Pinned,
        (None, false) => Outcome::Settled,
    })
}

/// True when a change still is on its way.
async fn settle_changes(pass: &Pass<'_>, source: &Source, place: uuid::Uuid, applied: &str) -> Result<bool, Stop> {
    let mut is_moving = false;
    for (change, commit) in record::syncing(pass.db, place).await? {
        if is_reached(pass.db, source.id, applied, &commit).await? {
            held(record::synced(pass.db, pass.claim, change).await?)?;
        } else {
            is_moving = true;
        }
    }
    Ok(is_moving)
}
