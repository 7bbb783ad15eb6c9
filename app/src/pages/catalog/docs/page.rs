//! One page.

use backend::catalog::{DocsPage, Entity, NavRow};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    crumbs,
    navigation::{beside, search},
};
use crate::components::{DataLink, Moment, Note, PageHeader, Sentence, Tone};

pub(super) fn page(entity: &Entity, page: DocsPage, now: OffsetDateTime) -> AnyView {
    let crumbs = crumbs(entity, page.address.is_empty());
    let stale = page.stale_since.map(|since| {
        view! {
            <div class="mb-4">
                <Note tone=Tone::Unknown title="This may be out of date">
                    "Its source cannot be read since " <Moment at=since now=now /> ". What stands here is what it said before."
                </Note>
            </div>
        }
    });
    let html = addressed(&page.html, &entity.reference);
    let steps = steps(&entity.reference, &page);
    let text = view! {
        {search(entity, String::new())}
        {stale}
        <article class="docs-text max-w-prose" inner_html=html></article>
        {steps}
    };
    let read = read_from(&page, now);
    let around = beside(entity, &page, Some(&page.address), text.into_any());
    view! {
        <PageHeader title=page.title.clone() crumbs=crumbs>
            <Sentence slot>{read}</Sentence>
        </PageHeader>
        {around}
    }
    .into_any()
}

/// The stored page knows nothing of where it is shown. Text that looks like such an address changes its words alone.
fn addressed(html: &str, reference: &EntityRef) -> String {
    let (home, images) = (links::docs(reference), links::docs_image(reference, ""));
    html.replace("href=\"docs:home", &format!("href=\"{home}"))
        .replace("href=\"docs:page/", &format!("href=\"{home}/"))
        .replace("src=\"docs:image/", &format!("src=\"{images}"))
}

fn read_from(page: &DocsPage, now: OffsetDateTime) -> AnyView {
    let file = page.file.clone();
    let file = match &page.file_address {
        Some(address) => view! { <DataLink address=address.clone() text=file /> }.into_any(),
        None => view! { <code>{file}</code> }.into_any(),
    };
    let commit = page.commit.as_deref().map(|commit| {
        let short = commit.get(..7).unwrap_or(commit).to_owned();
        view! { " at " <code>{short}</code> }
    });
    let at = page.read_at;
    view! { <span class="break-words">"Read from " {file} {commit} ", " <Moment at=at now=now /> "."</span> }.into_any()
}

fn steps(reference: &EntityRef, page: &DocsPage) -> Option<AnyView> {
    let step = |row: &Option<NavRow>, label: &'static str, side: &'static str| {
        row.as_ref().map(|row| {
            let href = links::docs_page(reference, row.address.as_deref().unwrap_or_default());
            let title = row.title.clone();
            let class = format!("min-w-0 rounded-lg border border-line px-4 py-3 no-underline hover:bg-sunken {side}");
            view! {
                <a href=href class=class>
                    <span class="block text-sm text-ink-3">{label}</span>
                    <span class="font-[560] break-words">{title}</span>
                </a>
            }
        })
    };
    let (previous, next) =
        (step(&page.previous, "Previous", ""), step(&page.next, "Next", "md:col-start-2 md:text-end"));
    (previous.is_some() || next.is_some()).then(|| {
        view! {
            <nav aria-label="Previous and next page" class="mt-8 grid max-w-prose gap-3 md:grid-cols-2 print:hidden">{previous} {next}</nav>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::addressed;

    #[test]
    fn addresses_are_those_of_the_entity() {
        let reference = "component:default/ledger".parse().unwrap();
        let html = "<a href=\"docs:home\">a</a><a href=\"docs:page/b#docs-c\">b</a><img src=\"docs:image/0f\">";
        let expected = "<a href=\"/catalog/component/default/ledger/docs\">a</a>\
                        <a href=\"/catalog/component/default/ledger/docs/b#docs-c\">b</a>\
                        <img src=\"/catalog/component/default/ledger/docs-images/0f\">";
        assert_eq!(addressed(html, &reference), expected);
    }
}
