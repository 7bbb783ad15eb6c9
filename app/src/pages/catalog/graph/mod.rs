//! What is around an entity: a picture, and the same as a nested list.

mod outline;
mod picture;

use backend::catalog::{self, Surroundings};
use domain::{
    catalog::{
        EntityRef,
        graph::{Content, Graph, Group, draw},
    },
    links,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{filters::narrowed, named::of_entity};
use crate::{
    components::{Card, Crumb, EmptyState, PageHeader, SafeHref, Sentence, Tab, Tabs},
    request::RequestContext,
};

const DEPTHS: [(usize, &str); 3] = [(1, "One step"), (2, "Two steps"), (3, "Three steps")];

#[component]
pub fn GraphPage() -> impl IntoView {
    let asked = use_query_map().read_untracked().get("depth").and_then(|depth| depth.parse::<usize>().ok());
    let depth = asked.filter(|depth| DEPTHS.iter().any(|(known, _)| known == depth)).unwrap_or(1);
    let load = move |RequestContext { viewer, db, .. }: RequestContext, reference: EntityRef| async move {
        catalog::surroundings(&viewer, &db, &reference, depth).await
    };
    of_entity(links::graph, load, move |found| view! { <Around found=found depth=depth /> })
}

#[component]
fn Around(found: Surroundings, depth: usize) -> impl IntoView {
    let Surroundings { focus, nodes, edges } = found;
    let graph = draw(&focus, &nodes, &edges, depth);
    let home = links::entity(&focus.reference);
    let title = format!("Around {}", focus.title);
    let address = links::graph(&focus.reference);
    let tabs = DEPTHS.map(|(steps, label)| Tab {
        label: label.to_owned(),
        href: SafeHref::from(format!("{address}?depth={steps}")),
        is_current: steps == depth,
        count: None,
    });
    let crumbs = vec![Crumb::new("Catalog", "/catalog"), Crumb::new(focus.title, home)];
    view! {
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>"What it needs stands to its right, what needs it to its left."</Sentence>
        </PageHeader>
        <Tabs label="How far to look" tabs=tabs.to_vec() />
        {drawing(graph)}
    }
    .into_any()
}

fn drawing(graph: Graph) -> AnyView {
    if graph.boxes.len() == 1 {
        return view! { <EmptyState sentence="It names nothing else that is in the catalog, and nothing there names it." /> }
            .into_any();
    }
    let rest = (graph.left_out > 0).then(|| {
        let rest = format!("{} more are within reach, for which the picture has no room.", graph.left_out);
        view! { <p class="mt-2 text-sm text-ink-2">{rest}</p> }
    });
    let list = outline::outline(&graph.outline);
    view! {
        <div class="flex flex-col gap-4">
            {picture::picture(&graph)}
            {rest}
            <Card title="The same as a list">{list}</Card>
        </div>
    }
    .into_any()
}

/// Where a box leads to.
fn address(content: &Content) -> String {
    match content {
        Content::Entity(node) => links::entity(&node.reference),
        Content::Group(group) => members(group),
    }
}

/// The list of what a box stands for, where the catalog has a filter for it; else the page that names them all.
fn members(group: &Group) -> String {
    let Group { of, kind, relation, is_incoming, .. } = group;
    let of_kind = |key: &'static str| format!("{}&kind={kind}", narrowed(key, &of.to_string()).as_str());
    match (relation.as_str(), is_incoming) {
        ("partOf", true) if of.kind() == "system" => of_kind("system"),
        ("ownedBy", true) => of_kind("owner"),
        _ => links::entity(of),
    }
}
