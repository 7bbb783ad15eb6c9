//! What the list is narrowed to. All of it stands in the address.

use backend::catalog::{CatalogFilter, Facet, Facets, MINE, NOBODY, NOT_KNOWN, Sort};
use domain::catalog::EntityRef;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::components::{Choice, FilterForm, FilterSelect, SafeHref};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) filter: CatalogFilter,
    pub(super) sort: Sort,
    /// Where the page begins.
    pub(super) after: Option<String>,
}

impl Asked {
    pub(super) fn of(query: &ParamsMap) -> Self {
        let text = |key: &str| query.get(key).filter(|value| !value.is_empty());
        let filter = CatalogFilter {
            kind: text("kind").map(|kind| kind.to_lowercase()),
            spec_type: text("type"),
            lifecycle: text("lifecycle"),
            owner: text("owner"),
            system: text("system"),
            domain: text("domain"),
            tag: text("tag"),
            level: text("level"),
        };
        Self { filter, sort: text("sort").and_then(|word| Sort::of(&word)).unwrap_or_default(), after: text("after") }
    }

    /// The same list from its beginning, or from there on.
    pub(super) fn address(&self, after: Option<&str>) -> SafeHref {
        let CatalogFilter { kind, spec_type, lifecycle, owner, system, domain, tag, level } = &self.filter;
        let sort = (self.sort != Sort::default()).then(|| self.sort.word().to_owned());
        let mut query = ParamsMap::new();
        for (key, value) in [
            ("kind", kind.as_ref()),
            ("type", spec_type.as_ref()),
            ("lifecycle", lifecycle.as_ref()),
            ("owner", owner.as_ref()),
            ("system", system.as_ref()),
            ("domain", domain.as_ref()),
            ("tag", tag.as_ref()),
            ("level", level.as_ref()),
            ("sort", sort.as_ref()),
            ("after", after.map(str::to_owned).as_ref()),
        ] {
            if let Some(value) = value {
                query.insert(key, value.clone());
            }
        }
        SafeHref::from(format!("/catalog{}", query.to_query_string()))
    }
}

/// The list narrowed to one thing.
pub(crate) fn narrowed(key: &'static str, value: &str) -> SafeHref {
    let mut query = ParamsMap::new();
    query.insert(key, value.to_owned());
    SafeHref::from(format!("/catalog{}", query.to_query_string()))
}

#[component]
pub(super) fn Filters(asked: Asked, facets: Facets, teams: Vec<String>) -> impl IntoView {
    let Asked { filter, sort, .. } = asked;
    let is_filtered = !filter.is_empty() || sort != Sort::default();
    let select = |facet, name: &'static str, label: &'static str, every: &'static str, value: Option<String>| {
        let choices = choices(&facets, facet, every, value.as_deref());
        view! { <FilterSelect name=name label=label choices=choices value=value.unwrap_or_default() /> }
    };
    let kind = select(Facet::Kind, "kind", "Kind", "Every kind", filter.kind);
    let spec_type = select(Facet::Type, "type", "Type", "Every type", filter.spec_type);
    let lifecycle = select(Facet::Lifecycle, "lifecycle", "Lifecycle", "Every lifecycle", filter.lifecycle);
    let owner = {
        let mut choices = choices(&facets, Facet::Owner, "Everybody", filter.owner.as_deref());
        mine(&mut choices, &facets, &teams);
        let value = filter.owner.unwrap_or_default();
        view! { <FilterSelect name="owner" label="Owner" choices=choices value=value /> }
    };
    let system = select(Facet::System, "system", "System", "Every system", filter.system);
    let domain = select(Facet::Domain, "domain", "Domain", "Every domain", filter.domain);
    let tag = select(Facet::Tag, "tag", "Tag", "Every tag", filter.tag);
    // Whoever sees no levels has nothing to choose from.
    let has_levels = filter.level.is_some() || facets.of(Facet::Level).next().is_some();
    let level = has_levels.then(|| select(Facet::Level, "level", "Level", "Every level", filter.level));
    let sorts = vec![
        Choice::new("", "Kind and name"),
        Choice::new(Sort::Title.word(), "Name"),
        Choice::new(Sort::Owner.word(), "Owner"),
        Choice::new(Sort::Changed.word(), "Last change"),
    ];
    let sort = if sort == Sort::default() { "" } else { sort.word() };
    view! {
        <FilterForm action="/catalog" is_filtered=is_filtered>
            {kind} {spec_type} {lifecycle} {owner} {system} {domain} {tag} {level}
            <FilterSelect name="sort" label="Sort by" choices=sorts value=sort />
        </FilterForm>
    }
    .into_any()
}

/// Each value with how many it would leave. What is chosen stays a choice, whatever is left of it.
fn choices(facets: &Facets, facet: Facet, every: &str, chosen: Option<&str>) -> Vec<Choice> {
    let counted = |value: &str, count: i64| Choice::new(value, format!("{} ({count})", label(facet, value)));
    let mut choices = vec![Choice::new("", every)];
    choices.extend(facets.of(facet).filter_map(|found| match (&found.value, facet) {
        (Some(value), _) => Some(counted(value, found.count)),
        (None, Facet::Owner) => Some(counted(NOBODY, found.count)),
        (None, _) => None,
    }));
    if let Some(chosen) = chosen.filter(|chosen| choices.iter().all(|choice| choice.value != *chosen)) {
        choices.push(counted(chosen, 0));
    }
    choices
}

/// Somebody's own teams come first, together.
fn mine(choices: &mut Vec<Choice>, facets: &Facets, teams: &[String]) {
    choices.retain(|choice| choice.value != MINE);
    let is_mine = |value: &Option<String>| value.as_ref().is_some_and(|value| teams.contains(value));
    let count: i64 = facets.of(Facet::Owner).filter(|found| is_mine(&found.value)).map(|found| found.count).sum();
    if !teams.is_empty() {
        choices.insert(1, Choice::new(MINE, format!("{} ({count})", label(Facet::Owner, MINE))));
    }
}

/// References are as short as they can be without meaning something else.
fn label(facet: Facet, value: &str) -> String {
    match facet {
        Facet::Owner if value == NOBODY => "nobody".to_owned(),
        Facet::Owner if value == MINE => "my teams".to_owned(),
        Facet::Owner => short(value, "group"),
        Facet::System => short(value, "system"),
        Facet::Domain => short(value, "domain"),
        Facet::Level if value == NOT_KNOWN => "not known".to_owned(),
        _ => value.to_owned(),
    }
}

fn short(reference: &str, kind: &str) -> String {
    match reference.parse::<EntityRef>() {
        Ok(found) if found.kind() == kind && found.namespace() == "default" => found.name().to_owned(),
        _ => reference.to_owned(),
    }
}
