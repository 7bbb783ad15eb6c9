//! What an entity needs, each in a line.

use std::collections::BTreeMap;

use backend::{catalog::Needy, delivery::DeliveryView, maturity::Gaps};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{Badge, Moment, TextLink, Tone},
    pages::delivery::standing,
};

/// An environment that does not get on, with the first reason.
pub(super) fn stuck(view: &DeliveryView) -> AnyView {
    let (tone, word) = standing(view);
    let why = view.troubles.first().map(|trouble| trouble.cause.title().to_owned());
    let why = why.or_else(|| view.problem.clone()).unwrap_or_default();
    let environment = view.environment.clone();
    view! { <Badge tone=tone word=word /> " in " {environment} ": " {why} }.into_any()
}

/// What is wrong where it is described.
pub(super) fn described(needy: &Needy, now: OffsetDateTime) -> Vec<AnyView> {
    let mut needs = Vec::new();
    let wrong = [(needy.errors, Tone::Bad, "error"), (needy.warnings, Tone::Warn, "warning")];
    for (count, tone, word) in wrong.into_iter().filter(|(count, ..)| *count > 0) {
        let word = if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") };
        needs.push(since(tone, word, "where it is described", needy.wrong_since, now));
    }
    if needy.orphaned_at.is_some() {
        needs.push(since(Tone::Warn, "orphaned".into(), "nothing describes it any more", needy.orphaned_at, now));
    }
    if needy.stale_since.is_some() {
        needs.push(since(Tone::Unknown, "stale".into(), "its source cannot be read", needy.stale_since, now));
    }
    needs
}

fn since(tone: Tone, word: String, what: &'static str, at: Option<OffsetDateTime>, now: OffsetDateTime) -> AnyView {
    let at = at.map(|at| view! { ", since " <Moment at=at now=now /> });
    view! { <Badge tone=tone word=word /> " " {what} {at} }.into_any()
}

/// By service, how many rules stand before its next levels.
pub(super) fn by_service(gaps: Gaps) -> Vec<(EntityRef, String, usize)> {
    let mut services: BTreeMap<EntityRef, (String, usize)> = BTreeMap::new();
    for (reference, title) in gaps.gaps.into_iter().flat_map(|gap| gap.services) {
        let Ok(reference) = reference.parse::<EntityRef>() else { continue };
        services.entry(reference).or_insert((title, 0)).1 += 1;
    }
    services.into_iter().map(|(reference, (title, rules))| (reference, title, rules)).collect()
}

pub(super) fn levels(reference: &EntityRef, rules: usize) -> AnyView {
    let href = links::levels(&reference.to_string()).unwrap_or_else(|| links::entity(reference));
    let words = match rules {
        1 => "One rule".to_owned(),
        count => format!("{count} rules"),
    };
    view! { <TextLink href=href>{words}</TextLink> " before its next levels" }.into_any()
}
