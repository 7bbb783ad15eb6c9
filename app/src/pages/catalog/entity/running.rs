//! Where an entity runs, as clusters say.

use backend::catalog::running::{RunningView, RunsWhere, Sight};
use domain::{
    catalog::running::{ID, SELECTOR},
    links,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{Card, TextLink},
    pages::catalog::running::{looked_at, sights, workloads},
};

/// Nothing for what cannot run, and while no cluster is connected.
pub(super) fn card(found: Option<&RunsWhere>, now: OffsetDateTime) -> Option<AnyView> {
    let found = found.filter(|found| !found.clusters.is_empty())?;
    let list = match found.workloads.is_empty() {
        true => nothing(found),
        false => list("Where it runs", &found.workloads, found.is_cut, now),
    };
    let (fault, doubts) = (fault(found), sights(&found.clusters, now));
    let aside = looked_at(&found.clusters, now).unwrap_or_default();
    let card = view! {
        <div class="mb-4">
            <Card title="Where it runs" aside=aside>
                {fault} {doubts} {list}
                <p class="mt-3"><TextLink href=links::CATALOG_ENVIRONMENTS>"See all environments"</TextLink></p>
            </Card>
        </div>
    };
    Some(card.into_any())
}

/// For a service that is delivered: what runs beside that.
pub(super) fn besides(found: Option<&RunsWhere>, now: OffsetDateTime) -> Option<AnyView> {
    let found = found?;
    let others: Vec<RunningView> = found.workloads.iter().filter(|view| !view.is_delivered).cloned().collect();
    let fault = fault(found);
    if others.is_empty() && fault.is_none() {
        return None;
    }
    let list = (!others.is_empty()).then(|| list("Runs, and is not from its repository", &others, found.is_cut, now));
    let doubts = sights(&found.clusters, now);
    let aside = looked_at(&found.clusters, now).unwrap_or_default();
    let card = view! {
        <div class="mb-4">
            <Card title="Runs, and is not from its repository" aside=aside>
                <p class="mb-3 text-md text-ink-2">
                    "Somebody put it there past what is delivered from Git, or it carries the mark of this entry elsewhere."
                </p>
                {fault} {doubts} {list}
            </Card>
        </div>
    };
    Some(card.into_any())
}

fn list(caption: &str, views: &[RunningView], is_cut: bool, now: OffsetDateTime) -> AnyView {
    let more = is_cut.then(|| view! { <p class="mt-2 text-sm text-ink-2">"There are more; these are the first."</p> });
    let table = workloads(caption, views, now);
    view! { {table} {more} }.into_any()
}

fn fault(found: &RunsWhere) -> Option<AnyView> {
    let why = found.fault.clone()?;
    let words = view! {
        <p class="mb-3 text-md wrap-anywhere">
            "Its annotation " <code>{SELECTOR}</code> " cannot be read: " {why} ". Mend it where the entry is described."
        </p>
    };
    Some(words.into_any())
}

/// How it is connected, once it is certain that there is nothing.
fn nothing(found: &RunsWhere) -> AnyView {
    if found.fault.is_some() || found.clusters.iter().all(|of| of.is == Sight::Unseen) {
        return ().into_any();
    }
    let label = format!("{ID}: {}", found.id);
    view! {
        <p class="text-md wrap-anywhere text-ink-2">
            "Nothing that runs carries its mark. Put the label " <code>{label}</code>
            " on its workloads, or name labels that they have in the annotation " <code>{SELECTOR}</code> " of this entry."
        </p>
    }
    .into_any()
}
