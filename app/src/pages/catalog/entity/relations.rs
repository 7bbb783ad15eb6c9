//! What an entity has to do with others, from its side.

use backend::catalog::{Neighbour, NeighbourGroup};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;

use crate::components::{EmptyState, KeyValue, KeyValues, TextLink};

pub(super) fn relations(of: &EntityRef, groups: &[NeighbourGroup]) -> AnyView {
    if groups.is_empty() {
        return view! { <EmptyState sentence="It names nothing else, and nothing names it." /> }.into_any();
    }
    let group = |group: &NeighbourGroup| {
        let rest = group.total - i64::try_from(group.shown.len()).unwrap_or(0);
        let rest = (rest > 0).then(|| view! { <li class="text-ink-2">{format!("and {rest} more")}</li> });
        let shown = group.shown.iter().map(neighbour).collect_view();
        let term = words(&group.relation);
        view! {
            <KeyValue term=term>
                <ul role="list" class="flex flex-wrap gap-x-3 gap-y-1">{shown} {rest}</ul>
            </KeyValue>
        }
    };
    let groups = groups.iter().map(group).collect_view();
    view! {
        <KeyValues>{groups}</KeyValues>
        <p class="mt-3"><TextLink href=links::graph(of)>"See it as a picture"</TextLink></p>
    }
    .into_any()
}

/// With its kind, because a system and a component may bear one name.
fn neighbour(neighbour: &Neighbour) -> AnyView {
    let Neighbour { reference, title, is_there } = neighbour;
    let name = title.clone().unwrap_or_else(|| reference.name().to_owned());
    let kind = reference.kind().to_owned();
    let (name, after) = if *is_there {
        let href = links::entity(reference);
        (view! { <TextLink href=href>{name}</TextLink> }.into_any(), kind)
    } else {
        let name = reference.to_string();
        (view! { <span>{name}</span> }.into_any(), "not in the catalog".to_owned())
    };
    view! { <li class="min-w-0 break-words">{name} " " <span class="text-sm text-ink-3">{after}</span></li> }.into_any()
}

/// A relation that is not known here keeps its own name.
pub(in crate::pages::catalog) fn words(relation: &str) -> String {
    let words = match relation {
        "ownedBy" => "Owned by",
        "ownerOf" => "Owns",
        "partOf" => "Part of",
        "hasPart" => "Consists of",
        "providesApi" => "Provides",
        "apiProvidedBy" => "Provided by",
        "consumesApi" => "Uses the API",
        "apiConsumedBy" => "Used by",
        "dependsOn" => "Depends on",
        "dependencyOf" => "Needed by",
        "childOf" => "Belongs to",
        "parentOf" => "Groups within",
        "memberOf" => "Member of",
        "hasMember" => "Members",
        other => other,
    };
    words.to_owned()
}
