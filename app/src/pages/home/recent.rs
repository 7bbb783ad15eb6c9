//! What has changed in the services of the reader's teams.

use backend::home::{Recent, RecentKind};
use domain::links;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{TextLink, Timeline, TimelineEntry, Tone};

pub(super) fn timeline(recent: Vec<Recent>, now: OffsetDateTime) -> AnyView {
    if recent.is_empty() {
        return view! {
            <p class="text-ink-2">"Nothing has changed in the last thirty days. Releases, promotions and what was put back appear here."</p>
        }
        .into_any();
    }
    let entries = recent.into_iter().map(|item| entry(item, now)).collect_view();
    view! { <Timeline>{entries}</Timeline> }.into_any()
}

fn entry(item: Recent, now: OffsetDateTime) -> AnyView {
    let Recent { kind, service, environment, cluster, namespace, what, by, change, at } = item;
    let home = format!("/catalog/component/default/{service}");
    let change = change.map(links::change).unwrap_or_else(|| home.clone());
    let (tone, word) = match kind {
        RecentKind::Release => (Tone::Info, "in force"),
        RecentKind::Promotion => (Tone::Good, "promoted"),
        RecentKind::RollBack => (Tone::Good, "rolled back"),
        RecentKind::PutBack => (Tone::Warn, "put back"),
    };
    let words = match kind {
        RecentKind::Release => {
            view! { <TextLink href=home>{service}</TextLink> " in " {environment} ": " {what} }.into_any()
        }
        RecentKind::Promotion | RecentKind::RollBack => {
            let what = if what.is_empty() { format!("{service} in {environment}") } else { what };
            view! { <TextLink href=change>{what}</TextLink> }.into_any()
        }
        RecentKind::PutBack => {
            let place = links::namespace(&cluster, &namespace);
            view! { <TextLink href=place>{namespace}</TextLink> ": " <span class="wrap-anywhere">{what}</span> " was changed by hand" }
                .into_any()
        }
    };
    let source = by.unwrap_or_else(|| "an unnamed client".to_owned());
    view! {
        <TimelineEntry tone=tone word=word at=at now=now source=source>
            {words}
        </TimelineEntry>
    }
    .into_any()
}
