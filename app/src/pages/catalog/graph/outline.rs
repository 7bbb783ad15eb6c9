//! The picture for those who do not see it.

use domain::catalog::{
    descriptor::reverse,
    graph::{Branch, Content},
};
use leptos::prelude::*;

use super::address;
use crate::{components::TextLink, pages::catalog::entity::relations::words};

/// What is around the focus, without itself.
pub(super) fn outline(focus: &Branch) -> AnyView {
    branches(&focus.below)
}

fn branches(below: &[Branch]) -> AnyView {
    let items = below.iter().map(branch).collect_view();
    view! { <ul role="list" class="flex flex-col gap-1.5">{items}</ul> }.into_any()
}

fn branch(branch: &Branch) -> AnyView {
    let relation = if branch.is_incoming { reverse(&branch.relation) } else { &branch.relation };
    let (relation, title, href) = (words(relation), branch.content.title(), address(&branch.content));
    let kind = match &branch.content {
        Content::Entity(node) => node.reference.kind().to_owned(),
        Content::Group(_) => String::new(),
    };
    let elsewhere = branch.is_told_elsewhere.then_some(", which has an entry of its own");
    let below = (!branch.below.is_empty()).then(|| {
        view! { <div class="mt-1.5 ml-2 border-l border-line pl-3">{branches(&branch.below)}</div> }
    });
    view! {
        <li class="min-w-0 break-words">
            <span class="text-ink-2">{relation}</span> " " <TextLink href=href>{title}</TextLink> " "
            <span class="text-sm text-ink-3">{kind}{elsewhere}</span>
            {below}
        </li>
    }
    .into_any()
}
