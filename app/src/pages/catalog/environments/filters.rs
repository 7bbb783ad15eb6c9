//! What the list is narrowed to. All of it stands in the address.

use backend::catalog::{
    MINE,
    running::{EnvironmentCount, EnvironmentFilter, EnvironmentState, NOT_KNOWN},
};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::components::{Choice, FilterForm, FilterSelect, SafeHref};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) filter: EnvironmentFilter,
}

impl Asked {
    pub(super) fn of(query: &ParamsMap) -> Self {
        let text = |key: &str| query.get(key).filter(|value| !value.is_empty());
        let filter = EnvironmentFilter {
            environment: text("environment"),
            cluster: text("cluster"),
            owner: text("owner"),
            state: text("state").and_then(|word| EnvironmentState::of(&word)),
            after: text("after"),
            limit: None,
        };
        Self { filter }
    }

    pub(super) fn is_everything(&self) -> bool {
        EnvironmentFilter { after: None, ..self.filter.clone() } == EnvironmentFilter::default()
    }

    /// The same list from its beginning, or from there on.
    pub(super) fn address(&self, after: Option<&str>) -> SafeHref {
        let EnvironmentFilter { environment, cluster, owner, state, .. } = &self.filter;
        let mut query = ParamsMap::new();
        for (key, value) in [
            ("environment", environment.as_deref()),
            ("cluster", cluster.as_deref()),
            ("owner", owner.as_deref()),
            ("state", state.map(EnvironmentState::word)),
            ("after", after),
        ] {
            if let Some(value) = value {
                query.insert(key, value.to_owned());
            }
        }
        SafeHref::from(format!("{}{}", links::CATALOG_ENVIRONMENTS, query.to_query_string()))
    }

    pub(super) fn of_environment(&self, name: &str) -> SafeHref {
        let environment = Some(name.to_owned());
        Self { filter: EnvironmentFilter { environment, after: None, ..self.filter.clone() } }.address(None)
    }
}

#[component]
pub(super) fn Filters(
    asked: Asked,
    counts: Vec<EnvironmentCount>,
    owners: Vec<String>,
    teams: Vec<String>,
    clusters: Vec<String>,
) -> impl IntoView {
    let is_filtered = !asked.is_everything();
    let EnvironmentFilter { environment, cluster, owner, state, .. } = asked.filter;
    let environments = counts.into_iter().map(|of| {
        let (value, label) = match of.name {
            Some(name) => (name.clone(), name),
            None => (NOT_KNOWN.to_owned(), "not known".to_owned()),
        };
        Choice::new(value, format!("{label} ({})", of.count))
    });
    let environments = choices("Every environment", environments, environment.as_deref());
    let clusters =
        choices("Every cluster", clusters.into_iter().map(|name| Choice::new(name.clone(), name)), cluster.as_deref());
    let mine = (!teams.is_empty()).then(|| Choice::new(MINE, "my teams"));
    let named = owners.into_iter().map(|owner| Choice::new(owner.clone(), short(&owner)));
    let owners = choices("Everybody", mine.into_iter().chain(named), owner.as_deref());
    let states = EnvironmentState::ALL.map(|state| Choice::new(state.word(), words(state)));
    let states = choices("Every state", states, state.map(EnvironmentState::word));
    view! {
        <FilterForm action=links::CATALOG_ENVIRONMENTS is_filtered=is_filtered>
            <FilterSelect name="environment" label="Environment" choices=environments value=environment.unwrap_or_default() />
            <FilterSelect name="cluster" label="Cluster" choices=clusters value=cluster.unwrap_or_default() />
            <FilterSelect name="owner" label="Owner" choices=owners value=owner.unwrap_or_default() />
            <FilterSelect name="state" label="State" choices=states value=state.map(EnvironmentState::word).unwrap_or_default() />
        </FilterForm>
    }
    .into_any()
}

/// What is chosen stays a choice, whatever is left of it.
fn choices(every: &str, all: impl IntoIterator<Item = Choice>, chosen: Option<&str>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = [Choice::new("", every)].into_iter().chain(all).collect();
    if let Some(chosen) = chosen.filter(|chosen| choices.iter().all(|choice| choice.value != *chosen)) {
        choices.push(Choice::new(chosen, chosen));
    }
    choices
}

fn words(state: EnvironmentState) -> &'static str {
    match state {
        EnvironmentState::Runs => "runs",
        EnvironmentState::Behind => "behind Git",
        EnvironmentState::Stuck => "stuck or not all ready",
        EnvironmentState::Unknown => "not known",
    }
}

fn short(reference: &str) -> String {
    match reference.parse::<EntityRef>() {
        Ok(found) if found.kind() == "group" && found.namespace() == "default" => found.name().to_owned(),
        _ => reference.to_owned(),
    }
}
