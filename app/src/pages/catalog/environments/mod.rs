//! Environments: what should run where, beside what does.

mod filters;
mod row;

use backend::catalog::running::{self, EnvironmentCount, EnvironmentPage, EnvironmentView, NOT_KNOWN};
use domain::links;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use self::filters::{Asked, Filters};
use super::running::sights;
use crate::{
    components::{Column, Crumb, DataTable, EmptyState, LinkButton, PageHeader, Pager, Sentence, TextLink},
    pages::loaded::loaded,
    request::RequestContext,
};

#[component]
pub fn EnvironmentsPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let asked = Asked::of(&use_query_map().read_untracked());
    let now = context.now;
    let load = async move {
        let teams = context.viewer.team_references();
        let page = running::environments(&context.viewer, &context.db, &asked.filter).await?;
        Ok((asked, page, teams))
    };
    Some(loaded(load, move |(asked, page, teams)| view! { <Environments asked=asked page=page teams=teams now=now /> }))
}

#[component]
fn Environments(asked: Asked, page: EnvironmentPage, teams: Vec<String>, now: OffsetDateTime) -> impl IntoView {
    let EnvironmentPage { items, next, total, counts, owners, clusters } = page;
    let is_filtered = !asked.is_everything();
    let title = match (is_filtered, total) {
        (false, 0) => "Nothing runs that you can see here".to_owned(),
        (false, _) => "Environments".to_owned(),
        (true, 0) => "No environment is like that".to_owned(),
        (true, 1) => "One environment is like that".to_owned(),
        (true, count) => format!("{count} environments are like that"),
    };
    let summary = format!("{} of {total} environments on this page", items.len());
    let (first, next) =
        (asked.filter.after.is_some().then(|| asked.address(None)), next.map(|at| asked.address(Some(&at))));
    let is_nothing_here = total == 0 && !is_filtered;
    let doubts = sights(&clusters, now);
    let (counted, list) = (counted(&asked, &counts), list(&items, is_filtered, now));
    let names: Vec<String> = clusters.into_iter().map(|of| of.cluster).collect();
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>"A service in a namespace of a cluster: what should run there beside what does."</Sentence>
        </PageHeader>
        {counted}
        {(!is_nothing_here)
            .then(|| view! { <Filters asked=asked counts=counts owners=owners teams=teams clusters=names /> })}
        {doubts}
        {list}
        <Pager summary=summary first=first next=next />
    }
    .into_any()
}

/// How many there are of each, each leading to them.
fn counted(asked: &Asked, counts: &[EnvironmentCount]) -> Option<AnyView> {
    if counts.is_empty() {
        return None;
    }
    let one = |of: &EnvironmentCount| {
        let (name, words) = match &of.name {
            Some(name) => (name.as_str(), name.clone()),
            None => (NOT_KNOWN, "not known".to_owned()),
        };
        let href = asked.of_environment(name);
        view! { <li class="min-w-0 wrap-anywhere"><TextLink href=href>{words}</TextLink> " " <span class="text-ink-2 tabular-nums">{of.count}</span></li> }
    };
    let all = counts.iter().map(one).collect_view();
    Some(view! { <ul role="list" aria-label="Environments by name" class="mb-4 flex flex-wrap gap-x-5 gap-y-1">{all}</ul> }.into_any())
}

fn list(items: &[EnvironmentView], is_filtered: bool, now: OffsetDateTime) -> AnyView {
    if items.is_empty() && is_filtered {
        return view! { <EmptyState sentence="Take one of the filters away to see more." /> }.into_any();
    }
    if items.is_empty() {
        let sentence = "A service that a golden path makes stands here with its environments, and so does everything in the catalog whose workloads carry its mark.";
        return view! {
            <EmptyState sentence=sentence>
                <LinkButton href=links::CATALOG_UNOWNED>"See what runs in no catalog"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Service"),
        Column::text("Environment"),
        Column::text("Should run"),
        Column::text("Runs"),
        Column::number("Pods ready"),
        Column::text("State"),
    ];
    let rows = items.iter().map(|item| row::row(item, now)).collect_view();
    view! { <DataTable caption="Environments" columns=columns>{rows}</DataTable> }.into_any()
}
