//! What stands beside a page: the other pages, and a search in them.

use backend::catalog::{DocsPage, Entity, Heading, NavRow};
use domain::links;
use leptos::prelude::*;

use crate::components::{FilterForm, FilterText, Folded, SafeHref, Summary};

/// Pages beside the text; folded above it where there is no room.
pub(super) fn beside(entity: &Entity, page: &DocsPage, current: Option<&str>, text: AnyView) -> AnyView {
    let (wide, folded) = (list(entity, &page.nav, current), list(entity, &page.nav, current));
    let headings = current.is_some().then(|| contents(&page.headings)).flatten();
    let grid = match headings.is_some() {
        true => "lg:grid-cols-[12rem_minmax(0,1fr)_11rem]",
        false => "lg:grid-cols-[12rem_minmax(0,1fr)]",
    };
    view! {
        <div class=format!("grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-2 {grid}")>
            <nav aria-label="Pages" class="hidden lg:block print:hidden">
                <div class="sticky top-4 max-h-[calc(100vh-2rem)] overflow-y-auto pb-4">{wide}</div>
            </nav>
            <nav aria-label="Pages" class="border-b border-line pb-1 lg:hidden print:hidden">
                <Folded><Summary slot>"All pages"</Summary>{folded}</Folded>
            </nav>
            <div class="min-w-0">{text}</div>
            {headings}
        </div>
    }
    .into_any()
}

pub(super) fn search(entity: &Entity, wanted: String) -> AnyView {
    let is_filtered = !wanted.is_empty();
    view! {
        <FilterForm action=links::docs(&entity.reference) is_filtered=is_filtered>
            <FilterText name="q" label="Search in these docs" value=wanted />
        </FilterForm>
    }
    .into_any()
}

fn list(entity: &Entity, rows: &[NavRow], current: Option<&str>) -> AnyView {
    let row = |NavRow { depth, title, address, url }: &NavRow| {
        let indent = ["", "pl-3", "pl-6", "pl-9"].get(*depth).copied().unwrap_or("pl-12");
        let href = match (address, url) {
            (Some(address), _) => SafeHref::parse(&links::docs_page(&entity.reference, address)).ok(),
            (None, Some(url)) => SafeHref::parse(url).ok(),
            (None, None) => None,
        };
        let is_here = address.is_some() && address.as_deref() == current;
        let title = title.clone();
        match href {
            Some(href) => {
                let rel = href.rel();
                view! {
                    <li class=indent>
                        <a
                            href=href.as_str().to_owned()
                            rel=rel
                            aria-current=is_here.then_some("page")
                            class="block rounded-sm px-2 py-1 text-md break-words text-ink-2 no-underline hover:bg-sunken hover:text-ink aria-[current]:bg-sunken aria-[current]:font-[560] aria-[current]:text-ink pointer-coarse:py-2.5"
                        >
                            {title}
                        </a>
                    </li>
                }
                .into_any()
            }
            None => view! { <li class=format!("{indent} px-2 pt-2 pb-0.5 text-sm font-[560] break-words text-ink-3")>{title}</li> }
                .into_any(),
        }
    };
    view! { <ul role="list">{rows.iter().map(row).collect_view()}</ul> }.into_any()
}

/// Where there are fewer headings the page is seen as a whole.
const FEWEST: usize = 2;
const MOST: usize = 60;

fn contents(headings: &[Heading]) -> Option<AnyView> {
    let shown: Vec<&Heading> = headings.iter().filter(|heading| heading.level <= 3).take(MOST).collect();
    if shown.len() < FEWEST {
        return None;
    }
    let row = |heading: &Heading| {
        let (href, text) = (format!("#{}", heading.anchor), heading.text.clone());
        let indent = if heading.level > 2 { "pl-3" } else { "" };
        view! {
            <li class=indent>
                <a class="block py-0.5 break-words text-ink-2 no-underline hover:text-ink hover:underline" href=href>
                    {text}
                </a>
            </li>
        }
    };
    let rows = shown.into_iter().map(row).collect_view();
    let list = view! {
        <nav aria-labelledby="docs-contents" class="hidden text-sm lg:block print:hidden">
            <div class="sticky top-4 max-h-[calc(100vh-2rem)] overflow-y-auto pb-4">
                <h2 id="docs-contents" class="mb-1 font-[560] text-ink-3">"On this page"</h2>
                <ul role="list">{rows}</ul>
            </div>
        </nav>
    };
    Some(list.into_any())
}
