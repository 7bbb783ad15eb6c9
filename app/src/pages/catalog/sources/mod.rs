//! Where entities are read from, and how that goes.

mod detail;
mod end;
mod words;

use backend::catalog::living::{self, SourceView};
use domain::links;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{
        Actions, ButtonKind, Cell, Column, Crumb, DataTable, EmptyState, LinkButton, Moment, PageHeader, RowHeader,
        Sentence, TableRow, TextLink,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

pub use detail::SourcePage;
pub(super) use detail::finding;
pub use end::EndSourcePage;
pub(super) use words::short;

#[component]
pub fn SourcesPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let now = context.now;
    let load = async move { living::sources(&context.viewer, &context.db).await };
    Some(loaded(load, move |sources| view! { <Sources sources=sources now=now /> }))
}

#[component]
fn Sources(sources: Vec<SourceView>, now: OffsetDateTime) -> impl IntoView {
    let troubled = sources.iter().filter(|source| source.trouble.is_some()).count();
    let title = match (sources.len(), troubled) {
        (0, _) => "The catalog has no sources yet".to_owned(),
        (_, 0) => "Every source of the catalog is read".to_owned(),
        (_, 1) => "One source of the catalog cannot be read".to_owned(),
        (_, count) => format!("{count} sources of the catalog cannot be read"),
    };
    let list = if sources.is_empty() {
        view! { <EmptyState sentence="Entities appear here with the first import, or with the first service from a golden path." /> }
            .into_any()
    } else {
        let columns = ["Source", "State", "Entities", "To mend", "Read"].map(Column::text).to_vec();
        let rows = sources.into_iter().map(|source| row(source, now)).collect_view();
        view! { <DataTable caption="Sources of the catalog" columns=columns>{rows}</DataTable> }.into_any()
    };
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>"Files that describe entities. What cannot be read keeps its entities as they were, and says since when."</Sentence>
            <Actions slot>
                <LinkButton href=links::CATALOG_IMPORT kind=ButtonKind::Primary>"Import"</LinkButton>
            </Actions>
        </PageHeader>
        {list}
    }
    .into_any()
}

fn row(source: SourceView, now: OffsetDateTime) -> AnyView {
    let (href, name, state) = (links::catalog_source(source.id), short(&source.origin), words::state(&source));
    let kind = words::kind(source.kind);
    let read = match source.read_at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => "not yet".into_any(),
    };
    let to_mend = words::to_mend(source.errors, source.warnings);
    view! {
        <TableRow>
            <RowHeader label="Source">
                <span class="wrap-anywhere"><TextLink href=href>{name}</TextLink></span>
                <p class="text-sm font-normal text-ink-2">{kind}</p>
            </RowHeader>
            <Cell label="State">{state}</Cell>
            <Cell label="Entities">{source.entities.to_string()}</Cell>
            <Cell label="To mend">{to_mend}</Cell>
            <Cell label="Read">{read}</Cell>
        </TableRow>
    }
    .into_any()
}
