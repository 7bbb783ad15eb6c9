//! Promotions, roll-backs and releases of a repository: worked out, pushed.

use domain::delivery::ChangeState;

use super::{Pass, Source, Stop, held, prepare, push, tree::Trees};
use crate::{
    Error,
    delivery::record::{self, OpenChange},
};

/// Answers the id of the latest commit that was pushed.
pub(super) async fn carry_out(pass: &Pass<'_>, source: &Source, trees: &Trees<'_>) -> Result<Option<String>, Stop> {
    let mut pushed = None;
    for change in record::open_changes(pass.db, source.id).await? {
        // Nothing can be compared with a pin that is only about to be set.
        if source.places.iter().any(|place| place.id == change.place && place.is_unpinned()) {
            continue;
        }
        let done = match change.state {
            ChangeState::Preparing => prepare::prepare(pass, source, trees, &change).await.map(|()| None),
            _ => push::push(pass, source, trees, &change).await,
        };
        match done {
            Ok(commit) => pushed = commit.or(pushed),
            Err(Stop::Platform(error)) => refuse(pass, &change, error).await?,
            Err(stop) => return Err(stop),
        }
    }
    Ok(pushed)
}

/// What will not work however often it is tried ends the change; what does not answer is tried again.
async fn refuse(pass: &Pass<'_>, change: &OpenChange, error: Error) -> Result<(), Stop> {
    let sentence = match error {
        Error::Unavailable { .. } => {
            tracing::warn!(change = %change.id, %error, "a change waits");
            return Ok(());
        }
        Error::Internal { detail } => {
            tracing::error!(change = %change.id, detail, "a change failed");
            "Something broke on our side. It is in the log; ask the platform team.".to_owned()
        }
        Error::NotFound => "The repository or the commit is not at the Git host any more. Ask its owner.".to_owned(),
        other => other.to_string(),
    };
    held(record::end_change(pass.db, pass.claim, change.id, ChangeState::Failed, &sentence).await?)
}
