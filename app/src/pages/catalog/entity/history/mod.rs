//! What changed: commits, promotions, what the platform found and put right, and what the entity says of itself; the
//! latest first.

mod described;

use backend::{
    catalog::{Entity, Happening},
    delivery::{ChangeView, CommitView, DeliveryView, EventView},
};
use described::described;
use domain::{delivery::ChangeState, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{EmptyState, TextLink, Timeline, TimelineEntry, Tone},
    pages::delivery::{change_tone, change_words, short},
};

const SHOWN: usize = 20;

type Entries = Vec<(OffsetDateTime, AnyView)>;

/// Of a service: what runs, and what it says of itself.
pub(super) fn timeline(
    (views, commits, changes): (&[DeliveryView], &[CommitView], &[ChangeView]),
    (entity, happenings): (&Entity, &[Happening]),
    now: OffsetDateTime,
) -> AnyView {
    let mut entries = described(entity, happenings, now);
    entries.extend(commits.iter().map(|commit| (commit.committed_at, of_commit(commit, now))));
    // A change that was pushed is told by its commit.
    let told = |change: &&ChangeView| !matches!(change.state, ChangeState::Syncing | ChangeState::Synced);
    entries.extend(changes.iter().filter(told).map(|change| (change.created_at, of_change(change, now))));
    for view in views {
        // What the platform does for itself, such as renewing a credential, changes nothing that runs.
        let events = view.events.iter().filter(|event| matches!(event.kind.as_str(), "healed" | "pinned"));
        entries.extend(events.map(|event| (event.at, of_event(view, event, now))));
    }
    drawn(entries)
}

/// Of anything else: what it says of itself.
pub(super) fn of_entity(entity: &Entity, happenings: &[Happening], now: OffsetDateTime) -> AnyView {
    drawn(described(entity, happenings, now))
}

fn drawn(mut entries: Entries) -> AnyView {
    entries.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    if entries.is_empty() {
        return view! { <EmptyState sentence="Nothing has changed yet." /> }.into_any();
    }
    let shown = entries.into_iter().take(SHOWN).map(|(_, entry)| entry).collect_view();
    view! { <Timeline>{shown}</Timeline> }.into_any()
}

fn of_commit(commit: &CommitView, now: OffsetDateTime) -> AnyView {
    let source = match &commit.requested_by {
        Some(login) => format!("{login}, through Waymark"),
        None => commit.author.clone(),
    };
    let words = commit.subject.clone();
    let linked = match (commit.change, commit.run) {
        (Some(change), _) => view! { <TextLink href=links::change(change)>{words}</TextLink> }.into_any(),
        (None, Some(run)) => view! { <TextLink href=links::run(run)>{words}</TextLink> }.into_any(),
        (None, None) => words.into_any(),
    };
    let (id, at) = (short(&commit.id), commit.committed_at);
    view! {
        <TimelineEntry tone=Tone::Info word="commit" at=at now=now source=source>
            {linked} " " <code>{id}</code>
        </TimelineEntry>
    }
    .into_any()
}

fn of_change(change: &ChangeView, now: OffsetDateTime) -> AnyView {
    let words = change.subject.clone().unwrap_or_else(|| format!("Change of {}", change.environment));
    let address = links::change(change.id);
    view! {
        <TimelineEntry
            tone=change_tone(change.state)
            word=change_words(change.state)
            at=change.created_at
            now=now
            source=change.requested_by.clone()
        >
            <TextLink href=address>{words}</TextLink>
        </TimelineEntry>
    }
    .into_any()
}

fn of_event(view: &DeliveryView, event: &EventView, now: OffsetDateTime) -> AnyView {
    let (text, at) = (format!("{}: {}", view.environment, event.detail), event.at);
    let (tone, word) = if event.kind == "healed" { (Tone::Warn, "put back") } else { (Tone::Info, "pinned") };
    view! {
        <TimelineEntry tone=tone word=word at=at now=now source="Waymark">
            {text}
        </TimelineEntry>
    }
    .into_any()
}
