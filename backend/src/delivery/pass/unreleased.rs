//! What the branch holds for a pinned environment and what does not run there.

use domain::scaffold::tree::CommitId;

use super::{
    Pass, Place, Source, Stop, held,
    reading::{file_changes, readable, running},
    tree::Trees,
};
use crate::delivery::{
    reached::is_reached,
    record::{self, Comparison},
};

/// Compared once for each head and pin.
pub(super) async fn compare(
    pass: &Pass<'_>,
    source: &Source,
    trees: &Trees<'_>,
    place: &Place,
    head: &CommitId,
) -> Result<(), Stop> {
    let Some(pin) = &place.intent.pin else { return Ok(()) };
    if place.compared == (Some(head.to_string()), Some(pin.to_string())) {
        return Ok(());
    }
    // A head that the engine fetched before the pin moved says nothing about what comes after it.
    if pin != head && is_reached(pass.db, source.id, pin.as_str(), head.as_str()).await? {
        return Ok(());
    }
    let differing = differing(trees, place, head).await?;
    let differing = differing.as_deref().map_err(String::as_str);
    let found = Comparison { place: place.id, head: head.as_str(), pin: pin.as_str(), differing };
    held(record::compared(pass.db, pass.claim, &found).await?)
}

async fn differing(trees: &Trees<'_>, place: &Place, head: &CommitId) -> Result<Result<Vec<String>, String>, Stop> {
    if place.intent.pin.as_ref() == Some(head) {
        return Ok(Ok(Vec::new()));
    }
    let there = match readable(trees.at(head).await?.built_from(&place.intent.folder).await)? {
        Ok(files) => files,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let runs = match running(trees, place).await? {
        Ok(files) => files,
        Err(sentence) => return Ok(Err(sentence)),
    };
    Ok(Ok(file_changes(&runs, &there).into_iter().map(|file| file.path.to_string()).collect()))
}
