//! The sentence about an entity, each fact with its source and age.

use backend::catalog::{
    What,
    running::{RunningView, RunsWhere, Sight},
};
use domain::{
    catalog::{
        descriptor::may_have_owner,
        standing::{LastWords, Runs, Standing, Workload, standing},
    },
    delivery::{EnvironmentFact, LastChange, sentence},
    sentence::Fact,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::Loaded;
use crate::{components::Moment, pages::delivery::unreleased_fact};

/// Of what the platform does not deliver.
pub(super) fn told(loaded: &Loaded, now: OffsetDateTime) -> Vec<Fact> {
    let entity = &loaded.entity;
    let level = loaded.maturity.as_ref().and_then(|page| {
        let headline = page.levels.headline.as_ref()?;
        Some((headline.level, page.basis.as_of))
    });
    let of = Standing {
        reference: &entity.reference,
        name: entity.title.as_deref().unwrap_or(entity.reference.name()),
        spec_type: entity.spec_type.as_deref(),
        lifecycle: entity.lifecycle.as_deref(),
        owner: entity.owner.as_deref(),
        may_have_owner: may_have_owner(entity.reference.kind()),
        described_at: entity.updated_at,
        orphaned_at: entity.origin.orphaned_at,
        stale_since: entity.origin.stale_since,
        relations: loaded.neighbours.iter().map(|group| (group.relation.as_str(), group.total)).collect(),
        runs: loaded.running.as_ref().and_then(runs),
        level,
        last_change: loaded.happenings.iter().find_map(|happening| Some((last(&happening.what)?, happening.at))),
    };
    standing(&of, now)
}

/// Nothing while no cluster is connected.
fn runs(found: &RunsWhere) -> Option<Runs<'_>> {
    let heard = found.clusters.iter().map(|of| match of.is {
        Sight::Unseen => None,
        Sight::Away { since } | Sight::Old { since } => Some(since),
        Sight::Current { heard } => Some(heard),
    });
    let heard: Option<Vec<OffsetDateTime>> = heard.collect();
    (!found.clusters.is_empty()).then(|| Runs {
        clusters: found.clusters.iter().map(|of| of.cluster.as_str()).collect(),
        heard_at: heard.and_then(|heard| heard.into_iter().min()),
        workloads: found.workloads.iter().map(workload).collect(),
        is_cut: found.is_cut,
    })
}

fn workload(view: &RunningView) -> Workload<'_> {
    let number = |count: i32| u32::try_from(count).ok();
    let pods = view.ready.and_then(number).zip(view.wanted.and_then(number));
    Workload { environment: view.environment.as_ref().map(|found| found.name.as_str()), cluster: &view.cluster, pods }
}

/// What was asked for and has not happened yet is told below.
fn last(what: &What) -> Option<LastWords> {
    match what {
        What::Appeared => Some(LastWords::Appeared),
        What::Changed { commit: Some(_), .. } => Some(LastWords::ChangedInGit),
        What::Changed { commit: None, .. } => Some(LastWords::ChangedHere),
        What::Renamed { .. } => Some(LastWords::Renamed),
        What::Adopted { .. } => Some(LastWords::Adopted),
        What::Orphaned | What::Found | What::Removed | What::Restored | What::Asked(_) => None,
    }
}

/// Of a service that is delivered.
pub(super) fn delivered(loaded: &Loaded) -> Vec<Fact> {
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
