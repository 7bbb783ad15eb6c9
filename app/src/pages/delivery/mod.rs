//! Delivery: environments side by side, and the changes that people make to them.

mod change;
mod environments;
mod forms;
mod list;
mod troubles;
mod unreleased;
mod words;

pub use change::ChangePage;
pub(super) use environments::{behind, environments, pods, runs, should_run};
pub(super) use forms::next_steps;
pub use list::DeliveriesPage;
pub(super) use troubles::troubles;
pub(super) use unreleased::{fact as unreleased_fact, unreleased_notes};
pub(super) use words::{change_tone, change_words, is_moving, short, standing};

use leptos::prelude::*;

use crate::islands::FollowPage;

/// Keeps the page up to date; without scripts it loads itself again.
pub(super) fn followed() -> impl IntoView {
    let sentence = "This page follows the change until it has arrived.";
    crate::pages::followed::followed(3, view! { <FollowPage seconds=2 sentence=sentence.to_owned() /> })
}
