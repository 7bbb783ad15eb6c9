//! What the branch holds for production and what does not run there, and what to do about it.

use backend::delivery::{DeliveryView, PinnedView};
use domain::{delivery::unreleased, sentence::Fact};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{forms, words::short};
use crate::components::{Moment, Note, Remedy, Tone};

/// With whom says so, and as of when.
pub(in crate::pages) fn fact(view: &DeliveryView) -> Option<Fact> {
    let pinned = view.pinned.as_ref().filter(|pinned| pinned.is_behind())?;
    Some(Fact { text: told(view, pinned), source: "Git".to_owned(), at: pinned.compared_at })
}

pub(in crate::pages) fn unreleased_notes(
    views: &[DeliveryView],
    may_change: bool,
    now: OffsetDateTime,
) -> Option<AnyView> {
    let notes: Vec<AnyView> = views.iter().filter_map(|view| note(view, may_change, now)).collect();
    (!notes.is_empty())
        .then(|| view! { <div class="mb-4 grid grid-cols-[minmax(0,1fr)] gap-3">{notes}</div> }.into_any())
}

fn note(view: &DeliveryView, may_change: bool, now: OffsetDateTime) -> Option<AnyView> {
    let pinned = view.pinned.as_ref()?;
    let (environment, branch) = (&view.environment, &view.branch);
    let at = pinned.compared_at.map(|at| view! { " (Git, " <Moment at=at now=now /> ")" });
    if let Some(problem) = pinned.problem.clone() {
        let title = format!("Whether {branch} holds something else than {environment} runs is not known");
        let note = view! {
            <Note tone=Tone::Unknown title=title>{problem} {at}</Note>
        };
        return Some(note.into_any());
    }
    if !pinned.is_behind() {
        return None;
    }
    let title = format!("{branch} holds changes that {environment} does not run");
    let sentence = format!("{}.", told(view, pinned));
    let stays = format!(
        "Pushing does not reach {environment}: it stays at commit {}. Promote to {environment}, or release what {branch} \
         holds as it is. Everything that changes is shown first, and a lead of {} decides.",
        short(&pinned.commit),
        view.team.name()
    );
    let button = may_change.then(|| forms::release(view));
    let note = view! {
        <Note tone=Tone::Warn title=title>
            <p class="break-words">{sentence} {at}</p>
            <p class="mt-1">{stays}</p>
            <Remedy slot>{button}</Remedy>
        </Note>
    };
    Some(note.into_any())
}

fn told(view: &DeliveryView, pinned: &PinnedView) -> String {
    let files = pinned.unreleased_files.as_deref().unwrap_or_default();
    unreleased(&view.branch, &view.environment, pinned.commits_ahead, files)
}
