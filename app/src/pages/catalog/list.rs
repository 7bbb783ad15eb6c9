//! Everything, a page at a time.

use std::sync::Arc;

use backend::catalog::{self, CatalogPage as Page, Entity, Facets, living};
use domain::{
    catalog::{EntityRef, descriptor::may_have_owner},
    links,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;

use super::filters::{Asked, Filters};
use crate::{
    components::{
        Actions, Badge, Cell, Column, DataTable, EmptyState, LinkButton, Moment, PageHeader, Pager, RowHeader,
        Sentence, TableRow, TextLink, Tone,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

const PAGE: i64 = 50;

#[component]
pub fn CatalogPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let asked = Asked::of(&use_query_map().read_untracked());
    let now = context.now;
    let load = async move {
        let (viewer, db) = (context.viewer, context.db);
        let page = catalog::list(&viewer, &db, &asked.filter, asked.sort, asked.after.as_deref(), PAGE).await?;
        let facets = catalog::facets(&viewer, &db, &asked.filter).await?;
        let to_mend = living::error_count(&viewer, &db).await?;
        Ok((asked, Arc::unwrap_or_clone(page), Arc::unwrap_or_clone(facets), to_mend, viewer.team_references()))
    };
    let draw = move |(asked, page, facets, to_mend, teams)| {
        view! { <Catalog asked=asked page=page facets=facets teams=teams to_mend=to_mend now=now /> }
    };
    Some(loaded(load, draw))
}

#[component]
fn Catalog(
    asked: Asked,
    page: Page,
    facets: Facets,
    teams: Vec<String>,
    to_mend: i64,
    now: OffsetDateTime,
) -> impl IntoView {
    let Page { items, next } = page;
    let is_filtered = !asked.filter.is_empty();
    let title = match (is_filtered, facets.total) {
        (false, 0) => "The catalog is empty".to_owned(),
        (false, _) => "Catalog".to_owned(),
        (true, 0) => "Nothing in the catalog is like that".to_owned(),
        (true, 1) => "One entry of the catalog is like that".to_owned(),
        (true, count) => format!("{count} entries of the catalog are like that"),
    };
    let next = next.map(|after| asked.address(Some(&after)));
    let first = asked.after.is_some().then(|| asked.address(None));
    let summary = format!("{} of {} entries on this page", items.len(), facets.total);
    let is_nothing_here = facets.total == 0 && !is_filtered;
    view! {
        <PageHeader title=title>
            <Sentence slot>"Services, teams and what they own, each with its owner." {to_mend_words(to_mend)}</Sentence>
            <Actions slot>
                <LinkButton href=links::CATALOG_MINE>"Mine"</LinkButton>
                <LinkButton href=links::CATALOG_ENVIRONMENTS>"Environments"</LinkButton>
                <LinkButton href=links::CATALOG_UNOWNED>"Unowned"</LinkButton>
                <LinkButton href=links::CATALOG_SOURCES>"Sources"</LinkButton>
                <LinkButton href=links::CATALOG_IMPORT>"Import"</LinkButton>
            </Actions>
        </PageHeader>
        {(!is_nothing_here).then(|| view! { <Filters asked=asked facets=facets teams=teams /> })}
        {entries(items, is_filtered, now)}
        <Pager summary=summary first=first next=next />
    }
}

fn to_mend_words(count: i64) -> Option<AnyView> {
    let words = match count {
        0 => return None,
        1 => "One thing needs mending".to_owned(),
        living::MOST_COUNTED.. => format!("{} things or more need mending", living::MOST_COUNTED),
        count => format!("{count} things need mending"),
    };
    Some(view! { " " <TextLink href=links::CATALOG_ERRORS>{words}</TextLink> " where they are described." }.into_any())
}

fn entries(entities: Vec<Entity>, is_filtered: bool, now: OffsetDateTime) -> AnyView {
    if entities.is_empty() {
        let sentence = if is_filtered {
            "Take one of the filters away; each says how many entries it would leave."
        } else {
            "Nothing is registered here. The first service that is created from a golden path appears at once."
        };
        return view! { <EmptyState sentence=sentence /> }.into_any();
    }
    let rows = entities.into_iter().map(|entity| row(entity, now)).collect_view();
    let columns = ["Name", "Kind", "Lifecycle", "System", "Owner", "Changed"].map(Column::text).to_vec();
    view! { <DataTable caption="Entries of the catalog" columns=columns>{rows}</DataTable> }.into_any()
}

fn row(entity: Entity, now: OffsetDateTime) -> impl IntoView {
    let address = links::entity(&entity.reference);
    let name = entity.title.unwrap_or_else(|| entity.reference.name().to_owned());
    let kind = match entity.spec_type {
        Some(spec_type) => format!("{} · {spec_type}", entity.reference.kind()),
        None => entity.reference.kind().to_owned(),
    };
    let system = entity.system.and_then(|text| text.parse::<EntityRef>().ok());
    let system = system.map(|of| view! { <TextLink href=links::entity(&of)>{of.name().to_owned()}</TextLink> });
    let orphan = entity.origin.orphaned_at.is_some().then(|| view! { " " <Badge tone=Tone::Warn word="orphaned" /> });
    let stale = entity.origin.stale_since.is_some().then(|| view! { " " <Badge tone=Tone::Unknown word="stale" /> });
    view! {
        <TableRow>
            <RowHeader label="Name">
                <TextLink href=address>{name}</TextLink> {orphan} {stale}
                {entity.description.map(|text| view! { <p class="text-sm font-normal text-ink-2">{text}</p> })}
            </RowHeader>
            <Cell label="Kind">{kind}</Cell>
            <Cell label="Lifecycle">{entity.lifecycle.unwrap_or_default()}</Cell>
            <Cell label="System">{system}</Cell>
            <Cell label="Owner">{owner(&entity.reference, entity.owner)}</Cell>
            <Cell label="Changed"><Moment at=entity.updated_at now=now /></Cell>
        </TableRow>
    }
}

/// A link to the owner; nobody is drawn as unknown, not as nothing, unless there cannot be one.
pub(super) fn owner(owned: &EntityRef, owner: Option<String>) -> AnyView {
    match owner.and_then(|text| text.parse::<EntityRef>().ok()) {
        Some(reference) => {
            let address = links::entity(&reference);
            view! { <TextLink href=address>{reference.name().to_owned()}</TextLink> }.into_any()
        }
        None if !may_have_owner(owned.kind()) => ().into_any(),
        None => view! { <Badge tone=Tone::Unknown word="no owner" /> }.into_any(),
    }
}
