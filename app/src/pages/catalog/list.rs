//! Everything, a page at a time.

use backend::catalog::{self, Entity};
use domain::catalog::EntityRef;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::entity_path;
use crate::{
    components::{
        Badge, Cell, Column, DataTable, EmptyState, Moment, PageHeader, Pager, RowHeader, SafeHref, Sentence, TableRow,
        TextLink, Tone,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

const PAGE: usize = 50;

#[component]
pub fn CatalogPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let after: Option<EntityRef> = use_query_map().read_untracked().get("after").and_then(|text| text.parse().ok());
    let (now, is_first) = (context.now, after.is_none());
    let load = async move { catalog::list(&context.viewer, &context.db, after.as_ref(), PAGE as i64).await };
    Some(loaded(load, move |entities| view! { <Catalog entities=entities is_first=is_first now=now /> }))
}

#[component]
fn Catalog(entities: Vec<Entity>, is_first: bool, now: OffsetDateTime) -> impl IntoView {
    let title = if entities.is_empty() { "The catalog is empty" } else { "Catalog" };
    let next = (entities.len() == PAGE).then(|| entities.last()).flatten();
    let next = next.map(|entity| SafeHref::from(format!("/catalog?after={}", entity.reference)));
    let first = (!is_first).then(|| SafeHref::from("/catalog"));
    let summary = format!("{} entries on this page", entities.len());
    view! {
        <PageHeader title=title>
            <Sentence slot>"Services, teams and what they own, each with its owner."</Sentence>
        </PageHeader>
        {if entities.is_empty() {
            view! { <EmptyState sentence="Nothing is registered here. The first service that is created from a golden path appears at once." /> }
                .into_any()
        } else {
            let rows = entities.into_iter().map(|entity| row(entity, now)).collect_view();
            let columns = vec![Column::text("Name"), Column::text("Kind"), Column::text("Owner"), Column::text("Changed")];
            view! { <DataTable caption="Entries of the catalog" columns=columns>{rows}</DataTable> }.into_any()
        }}
        <Pager summary=summary first=first next=next />
    }
}

fn row(entity: Entity, now: OffsetDateTime) -> impl IntoView {
    let address = entity_path(&entity.reference);
    let name = entity.title.unwrap_or_else(|| entity.reference.name().to_owned());
    view! {
        <TableRow>
            <RowHeader label="Name">
                <TextLink href=address>{name}</TextLink>
                {entity.description.map(|text| view! { <p class="text-sm font-normal text-ink-2">{text}</p> })}
            </RowHeader>
            <Cell label="Kind">{entity.reference.kind().to_owned()}</Cell>
            <Cell label="Owner">{owner(entity.owner)}</Cell>
            <Cell label="Changed"><Moment at=entity.updated_at now=now /></Cell>
        </TableRow>
    }
}

/// A link to the owner; nobody is drawn as unknown, not as nothing.
pub(super) fn owner(owner: Option<String>) -> AnyView {
    match owner.and_then(|text| text.parse::<EntityRef>().ok()) {
        Some(reference) => {
            let address = entity_path(&reference);
            view! { <TextLink href=address>{reference.name().to_owned()}</TextLink> }.into_any()
        }
        None => view! { <Badge tone=Tone::Unknown word="no owner" /> }.into_any(),
    }
}
