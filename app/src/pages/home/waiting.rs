//! What only the reader can bring forward.

use backend::{
    home::{Waiting, WaitingKind},
    scaffold::RunView,
};
use domain::links;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, Lead, Moment, RowItem, Rows, TextLink, Tone};

/// Decisions first, the longest-waiting on top; then runs that have stopped.
pub(super) fn rows(waiting: Vec<Waiting>, stopped: Vec<RunView>, now: OffsetDateTime) -> AnyView {
    if waiting.is_empty() && stopped.is_empty() {
        return view! {
            <p class="text-ink-2">
                "Nothing waits for you. What you have to decide or to confirm appears here, and everything else goes on by itself."
            </p>
        }
        .into_any();
    }
    let decisions = waiting.into_iter().map(|item| decision(item, now)).collect_view();
    let stopped = stopped.into_iter().map(|run| stopped_run(run, now)).collect_view();
    view! { <Rows>{decisions} {stopped}</Rows> }.into_any()
}

fn decision(item: Waiting, now: OffsetDateTime) -> AnyView {
    let Waiting { kind, id, what, service, environment, team, requested_by, since } = item;
    let (tone, word, address, words) = match kind {
        WaitingKind::QuotaRequest => (
            Tone::Warn,
            "to decide",
            links::request(id),
            format!("{team} asks for {what} in {environment} of {service}"),
        ),
        WaitingKind::Approval => (Tone::Warn, "to approve", links::change(id), named(what, &service, &environment)),
        WaitingKind::Confirmation => (Tone::Info, "to confirm", links::change(id), named(what, &service, &environment)),
    };
    view! {
        <RowItem>
            <Lead slot><Badge tone=tone word=word /></Lead>
            <TextLink href=address>{words}</TextLink>
            <p class="text-sm text-ink-2">"Asked by " {requested_by} ", waits since " <Moment at=since now=now /></p>
        </RowItem>
    }
    .into_any()
}

fn stopped_run(run: RunView, now: OffsetDateTime) -> AnyView {
    let (address, name) = (links::run(run.id), run.entity.clone());
    let at = run.finished_at.unwrap_or(run.created_at);
    view! {
        <RowItem>
            <Lead slot><Badge tone=Tone::Bad word="stopped" /></Lead>
            <TextLink href=address>"Creating " {name} " has stopped"</TextLink>
            <p class="text-sm text-ink-2">"Its page says why and goes on from there. Stopped " <Moment at=at now=now /></p>
        </RowItem>
    }
    .into_any()
}

/// A change without a first line yet is named by where it changes something.
fn named(what: String, service: &str, environment: &str) -> String {
    if what.is_empty() { format!("A change of {service} in {environment}") } else { what }
}
