//! How a change is spoken of.

use backend::catalog::changing::EntityChangeState;
use domain::catalog::edit::Change;

use crate::components::Tone;

pub(in crate::pages::catalog) fn state_word(state: EntityChangeState) -> &'static str {
    match state {
        EntityChangeState::Asked => "asked for",
        EntityChangeState::Opened => "in review",
        EntityChangeState::Merged => "merged",
        EntityChangeState::Closed => "closed unmerged",
        EntityChangeState::Failed => "not possible",
        EntityChangeState::Done => "changed",
        EntityChangeState::ByHand => "by hand",
    }
}

pub(in crate::pages::catalog) fn state_tone(state: EntityChangeState) -> Tone {
    match state {
        EntityChangeState::Asked | EntityChangeState::Opened => Tone::Info,
        EntityChangeState::Merged | EntityChangeState::Done => Tone::Good,
        EntityChangeState::Closed | EntityChangeState::ByHand => Tone::Warn,
        EntityChangeState::Failed => Tone::Bad,
    }
}

/// "description", "description and tags", "description, tags and owner".
pub(super) fn listed(change: &Change) -> String {
    match change.fields().as_slice() {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
