//! Places in the documentation that have the words.

use backend::catalog::{DocsHit, DocsPage, Entity, Snippet};
use domain::links;
use leptos::prelude::*;

use super::{
    crumbs,
    navigation::{beside, search},
    title,
};
use crate::components::{EmptyState, PageHeader, RowItem, Rows, Sentence, TextLink};

pub(super) fn hits(entity: &Entity, page: &DocsPage, wanted: String, hits: Vec<DocsHit>) -> AnyView {
    let short: String = wanted.chars().take(100).collect();
    let title = match hits.len() {
        0 => format!("Nothing in the docs of {} matches “{short}”", title(entity)),
        1 => format!("One place in the docs of {} matches “{short}”", title(entity)),
        count => format!("{count} places in the docs of {} match “{short}”", title(entity)),
    };
    let empty = hits.is_empty().then(|| {
        view! { <EmptyState sentence="Check the spelling, use fewer words, or look through the pages." /> }
    });
    let rows = hits.into_iter().map(hit).collect_view();
    let list = view! { {search(entity, wanted)} {empty} <Rows>{rows}</Rows> };
    let around = beside(entity, page, None, list.into_any());
    view! {
        <PageHeader title=title crumbs=crumbs(entity, false)>
            <Sentence slot>"Every word has to stand below the same heading."</Sentence>
        </PageHeader>
        {around}
    }
    .into_any()
}

fn hit(hit: DocsHit) -> impl IntoView {
    let DocsHit { entity, address, title, heading, snippet, .. } = hit;
    let page = links::docs_page(&entity, &address);
    let link = match heading {
        Some((heading, anchor)) => {
            view! { <TextLink href=format!("{page}#{anchor}")>{title} ": " {heading}</TextLink> }.into_any()
        }
        None => view! { <TextLink href=page>{title}</TextLink> }.into_any(),
    };
    view! { <RowItem>{link} {marked(snippet)}</RowItem> }
}

/// The text around the words, with the words marked.
pub(in crate::pages) fn marked(snippet: Snippet) -> AnyView {
    let part = |(is_word, text): (bool, String)| match is_word {
        true => view! { <mark class="rounded-xs bg-warn-soft px-0.5 text-ink">{text}</mark> }.into_any(),
        false => text.into_any(),
    };
    let parts = snippet.into_iter().map(part).collect_view();
    view! { <p class="max-w-prose text-sm break-words text-ink-2">{parts}</p> }.into_any()
}
