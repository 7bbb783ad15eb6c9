//! Search over what the organisation has.

use std::sync::Arc;

use backend::catalog::{self, DocsHit, Entity, Found, MAX_SEARCH};
use domain::links;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{Card, EmptyState, FilterForm, FilterText, PageHeader, RowItem, Rows, Sentence, TextLink},
    pages::{catalog::docs::marked, loaded::loaded},
    request::RequestContext,
};

const RESULTS: i64 = 50;
/// Pages of documentation, which stand below.
const PAGES: i64 = 10;

#[component]
pub fn SearchPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let wanted = use_query_map().read_untracked().get("q").unwrap_or_default().trim().to_owned();
    let words = wanted.clone();
    let load = async move {
        let pages = catalog::search_pages(&context.viewer, &context.db, &words, PAGES).await?;
        let found = catalog::search(&context.viewer, &context.db, &words, RESULTS).await?;
        // What is spelled alike is of no use beside what has the words.
        let is_alike = found.is_close && !pages.is_empty();
        Ok((if is_alike { Arc::default() } else { found }, pages))
    };
    Some(loaded(load, move |(found, pages)| view! { <Search wanted=wanted found=found pages=pages /> }))
}

#[component]
fn Search(wanted: String, found: Arc<Found>, pages: Arc<Vec<DocsHit>>) -> impl IntoView {
    let Found { items: found, is_close } = &*found;
    let short: String = wanted.chars().take(MAX_SEARCH).collect();
    let title = match (wanted.is_empty(), found.len()) {
        (true, _) => "Search".to_owned(),
        (false, 0) if !pages.is_empty() => format!("Documentation matches “{short}”"),
        (false, 0) => format!("Nothing matches “{short}”"),
        (false, _) if *is_close => format!("Nothing matches “{short}”, but this is spelled alike"),
        (false, 1) => format!("One thing matches “{short}”"),
        (false, n) if i64::try_from(n).is_ok_and(|n| n >= RESULTS) => format!("The best {n} that match “{short}”"),
        (false, n) => format!("{n} things match “{short}”"),
    };
    let row = |entity: &Entity| {
        let address = links::entity(&entity.reference);
        let name = entity.title.clone().unwrap_or_else(|| entity.reference.name().to_owned());
        let kind = entity.reference.kind().to_owned();
        let description = entity.description.clone().unwrap_or_default();
        view! {
            <RowItem detail=description aside=kind>
                <TextLink href=address>{name}</TextLink>
            </RowItem>
        }
    };
    let is_empty = found.is_empty() && pages.is_empty() && !wanted.is_empty();
    let pages = (!pages.is_empty()).then(|| {
        let pages = pages.iter().cloned().map(page).collect_view();
        view! { <div class="mt-6"><Card title="In the docs"><Rows>{pages}</Rows></Card></div> }
    });
    let found: Vec<_> = found.iter().map(row).collect();
    view! {
        <PageHeader title=title>
            <Sentence slot>"Names, titles, owners, tags, descriptions, annotations and API text of the catalog, and its docs."</Sentence>
        </PageHeader>
        <FilterForm action="/search" is_filtered=!wanted.is_empty()>
            <FilterText name="q" label="What are you looking for?" value=wanted />
        </FilterForm>
        {is_empty.then(|| view! { <EmptyState sentence="Check the spelling, or look through the whole catalog." /> })}
        <Rows>{found}</Rows>
        {pages}
    }
}

fn page(hit: DocsHit) -> impl IntoView {
    let DocsHit { entity, entity_title, address, title, heading, snippet } = hit;
    let page = links::docs_page(&entity, &address);
    let (title, href) = match heading {
        Some((heading, anchor)) => (format!("{title}: {heading}"), format!("{page}#{anchor}")),
        None => (title, page),
    };
    view! { <RowItem aside=format!("in the docs of {entity_title}")><TextLink href=href>{title}</TextLink> {marked(snippet)}</RowItem> }
}
