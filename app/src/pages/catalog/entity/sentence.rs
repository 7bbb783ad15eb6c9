//! The sentence of a service, each fact with its source and age.

use domain::delivery::{EnvironmentFact, Fact, LastChange, sentence};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::Loaded;
use crate::{components::Moment, pages::delivery::unreleased_fact};

pub(super) fn facts(loaded: &Loaded) -> Vec<Fact> {
    let environments: Vec<EnvironmentFact> = loaded
        .deliveries
        .iter()
        .map(|view| {
            let (ready, desired) = view.observed.as_ref().map(|observed| observed.replicas()).unwrap_or_default();
            EnvironmentFact {
                environment: view.environment.clone(),
                cluster: view.cluster.clone(),
                version: view.version().filter(|_| !view.is_stale),
                is_starter: view.runs_starter,
                ready,
                desired,
                is_well: view.troubles.is_empty() && view.problem.is_none(),
                observed_at: view.observed_at.filter(|_| !view.is_stale),
                unreleased: unreleased_fact(view),
            }
        })
        .collect();
    let entity = &loaded.entity;
    let owner = entity.owner.as_deref().map(|owner| (owner.rsplit('/').next().unwrap_or(owner), entity.updated_at));
    let last = loaded.commits.first().map(|commit| LastChange {
        author: commit.requested_by.clone().unwrap_or_else(|| commit.author.clone()),
        subject: commit.subject.clone(),
        at: commit.committed_at,
    });
    sentence(entity.reference.name(), &environments, owner, last.as_ref())
}

pub(super) fn drawn(facts: Vec<Fact>, now: OffsetDateTime) -> impl IntoView {
    let last = facts.len().saturating_sub(1);
    let part = move |(at, fact): (usize, Fact)| {
        let end = if at == last { "." } else { "; " };
        let age = match fact.at {
            Some(time) => view! { ", " <Moment at=time now=now /> }.into_any(),
            None => ", not seen yet".into_any(),
        };
        view! {
            {fact.text} " " <span class="text-sm text-ink-3">"(" {fact.source} {age} ")"</span> {end}
        }
    };
    facts.into_iter().enumerate().map(part).collect_view()
}
