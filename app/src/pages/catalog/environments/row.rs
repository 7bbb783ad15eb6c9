//! One environment.

use backend::catalog::running::{EnvironmentView, RunningView};
use domain::links;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::super::running::{environment_name, images, kept_by, said_by};
use crate::{
    components::{Align, Badge, Cell, Moment, RowHeader, TableRow, TextLink, Tone, known},
    pages::delivery::{behind, pods, runs, should_run, standing},
};

pub(super) fn row(item: &EnvironmentView, now: OffsetDateTime) -> AnyView {
    let (href, name) = (links::entity(&item.service), item.service.name().to_owned());
    let owner = item.owner.clone().map(|owner| {
        let href = links::entity(&owner);
        view! { <p class="mt-1 text-sm font-normal text-ink-2">"of " <TextLink href=href>{owner.name().to_owned()}</TextLink></p> }
    });
    let place = place(item);
    let (environment, said) = (environment_name(item.environment.as_ref()), said_by(item.environment.as_ref()));
    let (wanted, found, ready, state) = match &item.delivery {
        Some(view) => {
            (view! { {should_run(view)} {behind(view)} }.into_any(), runs(view), pods(view), delivered(item, now))
        }
        None => (keepers(&item.workloads), all_images(&item.workloads), ready(&item.workloads), seen(item)),
    };
    view! {
        <TableRow>
            <RowHeader label="Service"><TextLink href=href>{name}</TextLink> {owner}</RowHeader>
            <Cell label="Environment">{environment} {place} {said}</Cell>
            <Cell label="Should run">{wanted}</Cell>
            <Cell label="Runs">{found}</Cell>
            <Cell label="Pods ready" align=Align::End>{ready}</Cell>
            <Cell label="State">{state}</Cell>
        </TableRow>
    }
    .into_any()
}

fn place(item: &EnvironmentView) -> AnyView {
    let words = format!("{} on {}", item.namespace, item.cluster);
    let words = match item.is_kept {
        true => view! { <TextLink href=links::namespace(&item.cluster, &item.namespace)>{words}</TextLink> }.into_any(),
        false => words.into_any(),
    };
    view! { <p class="text-sm wrap-anywhere text-ink-2">{words}</p> }.into_any()
}

fn delivered(item: &EnvironmentView, now: OffsetDateTime) -> AnyView {
    let Some(view) = &item.delivery else { return known(None::<String>) };
    let (tone, word) = standing(view);
    let at = view
        .observed_at
        .map(|at| view! { <p class="mt-1 text-sm text-ink-2">"Cluster, " <Moment at=at now=now /></p> });
    view! { <Badge tone=tone word=word /> {at} }.into_any()
}

/// By what the cluster says; nothing else is known of it.
fn seen(item: &EnvironmentView) -> AnyView {
    let (tone, word) = match (item.is_whole(), item.workloads.is_empty()) {
        (None, _) => (Tone::Unknown, "not known"),
        (Some(_), true) => (Tone::Unknown, "nothing runs"),
        (Some(false), false) => (Tone::Warn, "not all ready"),
        (Some(true), false) => (Tone::Good, "runs"),
    };
    view! { <Badge tone=tone word=word /> }.into_any()
}

/// Who says what should run.
fn keepers(views: &[RunningView]) -> AnyView {
    let mut keepers = Vec::new();
    for view in views.iter().filter(|view| view.managed_by.is_some()) {
        if !keepers.contains(&view.managed_by.as_ref()) {
            keepers.push(view.managed_by.as_ref());
        }
    }
    if keepers.is_empty() {
        return view! { <span class="text-ink-2">"not delivered from here"</span> }.into_any();
    }
    let one = |by| view! { <div>"as " {kept_by(by)}</div> };
    keepers.into_iter().map(one).collect_view().into_any()
}

fn all_images(views: &[RunningView]) -> AnyView {
    if views.is_empty() {
        return view! { <span class="text-ink-2">"nothing"</span> }.into_any();
    }
    let mut all: Vec<String> = Vec::new();
    for image in views.iter().flat_map(|view| &view.images) {
        if !all.contains(image) {
            all.push(image.clone());
        }
    }
    images(&all)
}

/// Of all that have such a number; not known where one of them does not say it.
fn ready(views: &[RunningView]) -> AnyView {
    let counted: Vec<&RunningView> =
        views.iter().filter(|view| view.wanted.is_some() || view.is_whole().is_none()).collect();
    if counted.is_empty() {
        return view! { <span class="text-ink-2">"at times"</span> }.into_any();
    }
    let sum = |of: fn(&RunningView) -> Option<i32>| counted.iter().map(|view| of(view)).sum::<Option<i32>>();
    match (sum(|view| view.ready), sum(|view| view.wanted)) {
        (Some(ready), Some(wanted)) => format!("{ready} of {wanted}").into_any(),
        _ => known(None::<String>),
    }
}
