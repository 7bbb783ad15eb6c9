//! The namespaces of my teams.

use backend::provisioning::{self, NamespaceFilter};
use domain::{links, provisioning::NamespaceView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{rights::RightsNotices, standing};
use crate::{
    components::{
        Actions, Cell, Column, DataTable, EmptyState, LinkButton, PageHeader, Pager, RowHeader, SafeHref, Sentence,
        TableRow, TextLink,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

#[component]
pub fn NamespacesPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let after = use_query_map().read_untracked().get("after");
    let (is_first, now) = (after.is_none(), context.now);
    let load = async move {
        let filter = NamespaceFilter { after, ..NamespaceFilter::default() };
        let (viewer, db) = (&context.viewer, &context.db);
        Ok((provisioning::list(viewer, db, &filter).await?, provisioning::rights(viewer, db).await?))
    };
    Some(loaded(load, move |(page, rights)| {
        view! {
            <RightsNotices rights=rights now=now />
            <Namespaces items=page.items next=page.next_cursor is_first=is_first />
        }
    }))
}

#[component]
fn Namespaces(
    items: Vec<NamespaceView>,
    #[prop(optional_no_strip)] next: Option<String>,
    is_first: bool,
) -> impl IntoView {
    let waiting = items.iter().filter(|namespace| !namespace.is_ready()).count();
    let title = match (items.len(), waiting) {
        (0, _) => "No namespaces yet".to_owned(),
        (_, 0) => "All namespaces are as declared".to_owned(),
        (_, n) => format!("{n} of {} namespaces are not as declared yet", items.len()),
    };
    let summary = format!("{} namespaces on this page", items.len());
    let next = next.map(|cursor| SafeHref::from(format!("/provisioning?after={cursor}")));
    let first = (!is_first).then(|| SafeHref::from("/provisioning"));
    let columns = ["Namespace", "Service", "Environment", "Size", "State"].map(Column::text).to_vec();
    view! {
        <PageHeader title=title>
            <Sentence slot>"Each is kept equal to what was declared, all the time."</Sentence>
            <Actions slot><LinkButton href="/provisioning/requests">"Requests for accelerators"</LinkButton></Actions>
        </PageHeader>
        {if items.is_empty() {
            view! { <EmptyState sentence="Your teams have no namespaces. A service that is created from a golden path brings its own." /> }
                .into_any()
        } else {
            let rows = items.into_iter().map(row).collect_view();
            view! { <DataTable caption="Namespaces" columns=columns>{rows}</DataTable> }.into_any()
        }}
        <Pager summary=summary first=first next=next />
    }
}

fn row(namespace: NamespaceView) -> impl IntoView {
    let address = links::namespace(&namespace.cluster, &namespace.name);
    let state = standing(&namespace);
    view! {
        <TableRow>
            <RowHeader label="Namespace"><TextLink href=address><code>{namespace.name}</code></TextLink></RowHeader>
            <Cell label="Service">{namespace.service.name().to_owned()}</Cell>
            <Cell label="Environment">{namespace.environment}</Cell>
            <Cell label="Size">{namespace.size.value()}</Cell>
            <Cell label="State">{state}</Cell>
        </TableRow>
    }
}
