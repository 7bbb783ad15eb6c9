//! Search over what the organisation has.

use backend::catalog::{self, Entity, Found, MAX_SEARCH};
use domain::links;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{EmptyState, FilterForm, FilterText, PageHeader, RowItem, Rows, Sentence, TextLink},
    pages::loaded::loaded,
    request::RequestContext,
};

const RESULTS: i64 = 50;

#[component]
pub fn SearchPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let wanted = use_query_map().read_untracked().get("q").unwrap_or_default().trim().to_owned();
    let words = wanted.clone();
    let load = async move { catalog::search(&context.viewer, &context.db, &words, RESULTS).await };
    Some(loaded(load, move |found| view! { <Search wanted=wanted found=found /> }))
}

#[component]
fn Search(wanted: String, found: Found) -> impl IntoView {
    let Found { items: found, is_close } = found;
    let short: String = wanted.chars().take(MAX_SEARCH).collect();
    let title = match (wanted.is_empty(), found.len()) {
        (true, _) => "Search".to_owned(),
        (false, 0) => format!("Nothing matches “{short}”"),
        (false, _) if is_close => format!("Nothing matches “{short}”, but this is spelled alike"),
        (false, 1) => format!("One thing matches “{short}”"),
        (false, n) if i64::try_from(n).is_ok_and(|n| n >= RESULTS) => format!("The best {n} that match “{short}”"),
        (false, n) => format!("{n} things match “{short}”"),
    };
    let row = |entity: Entity| {
        let address = links::entity(&entity.reference);
        let name = entity.title.unwrap_or_else(|| entity.reference.name().to_owned());
        let kind = entity.reference.kind().to_owned();
        view! {
            <RowItem detail=entity.description.unwrap_or_default() aside=kind>
                <TextLink href=address>{name}</TextLink>
            </RowItem>
        }
    };
    let is_empty = found.is_empty() && !wanted.is_empty();
    view! {
        <PageHeader title=title>
            <Sentence slot>"Names, titles, owners, tags, descriptions, annotations and API text of the catalog."</Sentence>
        </PageHeader>
        <FilterForm action="/search" is_filtered=!wanted.is_empty()>
            <FilterText name="q" label="What are you looking for?" value=wanted />
        </FilterForm>
        {is_empty.then(|| view! { <EmptyState sentence="Check the spelling, or look through the whole catalog." /> })}
        <Rows>{found.into_iter().map(row).collect_view()}</Rows>
    }
}
