//! Environments side by side: what should run beside what does.

use backend::delivery::DeliveryView;
use domain::links;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::words::{short, standing, versions};
use crate::components::{Align, Badge, Cell, Column, DataTable, Moment, RowHeader, TableRow, TextLink, Tone, known};

pub(in crate::pages) fn environments(
    caption: &str,
    views: &[DeliveryView],
    now: OffsetDateTime,
) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("Environment"),
        Column::text("Should run"),
        Column::text("Runs"),
        Column::number("Pods ready"),
        Column::text("State"),
    ];
    let rows = views.iter().map(|view| row(view, now)).collect_view();
    view! { <DataTable caption=caption.to_owned() columns=columns>{rows}</DataTable> }
}

fn row(view: &DeliveryView, now: OffsetDateTime) -> impl IntoView + use<> {
    let address = links::namespace(&view.cluster, &view.namespace);
    let (tone, word) = standing(view);
    let environment = view.environment.clone();
    let place = format!("{} on {}", view.namespace, view.cluster);
    let (wanted, found, pods) = (should_run(view), runs(view), pods(view));
    let behind = behind(view);
    let seen = match view.observed_at {
        Some(at) => view! { "Cluster, " <Moment at=at now=now /> }.into_any(),
        None => "Nobody has looked yet.".into_any(),
    };
    view! {
        <TableRow>
            <RowHeader label="Environment">
                <TextLink href=address>{environment}</TextLink>
                <p class="text-sm font-normal text-ink-2">{place}</p>
            </RowHeader>
            <Cell label="Should run">{wanted} {behind}</Cell>
            <Cell label="Runs">{found}</Cell>
            <Cell label="Pods ready" align=Align::End>{pods}</Cell>
            <Cell label="State">
                <Badge tone=tone word=word />
                <p class="mt-1 text-sm text-ink-2">{seen}</p>
            </Cell>
        </TableRow>
    }
}

/// What Git holds for it.
pub(in crate::pages) fn should_run(view: &DeliveryView) -> AnyView {
    version(view.desired_commit.as_deref(), &view.desired_images)
}

/// The branch holds something else for it.
pub(in crate::pages) fn behind(view: &DeliveryView) -> Option<AnyView> {
    view.pinned.as_ref().filter(|pinned| pinned.is_behind())?;
    let word = format!("{} is ahead", view.branch);
    Some(view! { <p class="mt-1"><Badge tone=Tone::Warn word=word /></p> }.into_any())
}

pub(in crate::pages) fn runs(view: &DeliveryView) -> AnyView {
    let Some(observed) = &view.observed else { return unknown() };
    let images: Vec<String> = observed.images().into_iter().map(str::to_owned).collect();
    if images.is_empty() && view.synced_commit.is_none() {
        return view! { <span class="text-ink-2">"nothing yet"</span> }.into_any();
    }
    let starter = view.runs_starter.then(|| {
        view! { <p class="mt-1"><Badge tone=Tone::Info word="starter image" /></p> }
    });
    view! {
        {version(view.synced_commit.as_deref(), &images)}
        {starter}
    }
    .into_any()
}

pub(in crate::pages) fn pods(view: &DeliveryView) -> AnyView {
    match view.observed.as_ref().map(|observed| observed.replicas()) {
        Some((ready, desired)) => format!("{ready} of {desired}").into_any(),
        None => unknown(),
    }
}

/// The version for people, and the commit that says so.
fn version(commit: Option<&str>, images: &[String]) -> AnyView {
    let Some(commit) = commit else { return unknown() };
    let images_in_full = images.join(", ");
    view! {
        <span title=images_in_full>{versions(images)}</span>
        <p class="text-sm text-ink-2">"commit " <code>{short(commit)}</code></p>
    }
    .into_any()
}

fn unknown() -> AnyView {
    known(None::<String>)
}
