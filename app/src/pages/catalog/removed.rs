//! What was taken out of the catalog, for those who may put it back.

use backend::catalog::{self, Removed};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{
        Button, Cell, Column, Crumb, DataTable, EmptyState, Moment, PageHeader, RowHeader, Sentence, TableRow, TextLink,
    },
    pages::{catalog::list::owner, loaded::loaded},
    request::RequestContext,
};

#[component]
pub fn RemovedPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let now = context.now;
    let load = async move { catalog::removed(&context.viewer, &context.db).await };
    Some(loaded(load, move |found| view! { <List found=found now=now /> }))
}

#[component]
fn List(found: Vec<Removed>, now: OffsetDateTime) -> impl IntoView {
    let title = match found.len() {
        0 => "Nothing was taken out".to_owned(),
        1 => "One entry was taken out".to_owned(),
        count => format!("{count} entries were taken out"),
    };
    let list = if found.is_empty() {
        let sentence = "What your teams take out of the catalog waits here for a month, in case it is missed.";
        view! { <EmptyState sentence=sentence /> }.into_any()
    } else {
        let rows = found.into_iter().map(|found| row(found, now)).collect_view();
        let columns = ["Name", "Owner", "Taken out", "Deleted", "Still named by", "Action"].map(Column::text).to_vec();
        view! { <DataTable caption="Entries that were taken out" columns=columns>{rows}</DataTable> }.into_any()
    };
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>"Nobody sees these entries. They can be put back as they were until they are deleted."</Sentence>
        </PageHeader>
        {list}
    }
    .into_any()
}

fn row(found: Removed, now: OffsetDateTime) -> AnyView {
    let Removed { id, reference, owner: of, at, by, until, referred_to_by } = found;
    let by = by.map(|name| format!(" by {name}"));
    let (kind, name, action) = (reference.kind().to_owned(), reference.name().to_owned(), links::catalog_restore(id));
    let (called, owner) = (name.clone(), owner(&reference, of.map(|of| of.to_string())));
    let tellers = match referred_to_by.is_empty() {
        true => "nobody".into_any(),
        false => references(&referred_to_by),
    };
    view! {
        <TableRow>
            <RowHeader label="Name">{name} " " <span class="text-sm font-normal text-ink-3">{kind}</span></RowHeader>
            <Cell label="Owner">{owner}</Cell>
            <Cell label="Taken out"><Moment at=at now=now /> {by}</Cell>
            <Cell label="Deleted"><Moment at=until now=now /></Cell>
            <Cell label="Still named by">{tellers}</Cell>
            <Cell label="Action">
                <form method="post" action=action>
                    <Button>"Put back" <span class="sr-only">" " {called}</span></Button>
                </form>
            </Cell>
        </TableRow>
    }
    .into_any()
}

/// As links, one after the other.
pub(super) fn references(all: &[EntityRef]) -> AnyView {
    let links = all.iter().map(|of| {
        let (href, name) = (links::entity(of), of.name().to_owned());
        view! { <li><TextLink href=href>{name}</TextLink></li> }
    });
    view! { <ul role="list" class="flex flex-wrap gap-x-3 gap-y-1.5">{links.collect_view()}</ul> }.into_any()
}
