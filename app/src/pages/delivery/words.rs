//! States in words and tones, the same on every page.

use backend::delivery::DeliveryView;
use domain::delivery::{ChangeState, ImageRef};

use crate::components::Tone;

/// How an environment stands.
pub(in crate::pages) fn standing(view: &DeliveryView) -> (Tone, &'static str) {
    if view.observed.is_none() || view.is_stale {
        (Tone::Unknown, "not known")
    } else if !view.troubles.is_empty() {
        (Tone::Bad, "stuck")
    } else if view.problem.is_some() {
        (Tone::Warn, "waits")
    } else if view.is_well() {
        (Tone::Good, "runs")
    } else {
        (Tone::Info, "on its way")
    }
}

/// Something happens by itself, so that looking again is worth it.
pub(in crate::pages) fn is_moving(view: &DeliveryView) -> bool {
    standing(view).0 == Tone::Info || (view.observed.is_none() && view.troubles.is_empty())
}

pub(in crate::pages) fn short(commit: &str) -> String {
    commit.chars().take(7).collect()
}

/// The versions that these images name, each once.
pub(super) fn versions(images: &[String]) -> String {
    let mut versions: Vec<String> = images.iter().map(|image| ImageRef::parse(image).version()).collect();
    versions.dedup();
    versions.join(", ")
}

/// Whether the environment before runs something else, so that there is something to promote.
pub(super) fn ahead(from: &DeliveryView, to: &DeliveryView) -> bool {
    from.synced_commit.is_some() && from.desired_images != to.desired_images
}

pub(in crate::pages) fn change_tone(state: ChangeState) -> Tone {
    match state {
        ChangeState::Synced => Tone::Good,
        ChangeState::Ready | ChangeState::AwaitingApproval | ChangeState::Stale => Tone::Warn,
        ChangeState::Denied | ChangeState::Failed => Tone::Bad,
        ChangeState::Preparing | ChangeState::Queued | ChangeState::Syncing => Tone::Info,
        ChangeState::Withdrawn => Tone::Unknown,
    }
}

pub(in crate::pages) fn change_words(state: ChangeState) -> &'static str {
    match state {
        ChangeState::Preparing => "being worked out",
        ChangeState::Ready => "to be confirmed",
        ChangeState::AwaitingApproval => "waits for a lead",
        ChangeState::Queued => "being pushed",
        ChangeState::Syncing => "being applied",
        ChangeState::Synced => "synced",
        ChangeState::Denied => "denied",
        ChangeState::Withdrawn => "withdrawn",
        ChangeState::Stale => "out of date",
        ChangeState::Failed => "failed",
    }
}
