//! What is wrong where entities are described, for those who can mend it.

use backend::catalog::living::{self, InboxEntry, InboxGroup};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::sources::{finding, short};
use crate::{
    components::{Badge, Card, Crumb, EmptyState, PageHeader, Sentence, TextLink, Tone},
    pages::loaded::loaded,
    request::RequestContext,
};

#[component]
pub fn ErrorsPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let now = context.now;
    let load = async move { living::inbox(&context.viewer, &context.db).await };
    Some(loaded(load, move |groups| view! { <Errors groups=groups now=now /> }))
}

#[component]
fn Errors(groups: Vec<InboxGroup>, now: OffsetDateTime) -> impl IntoView {
    let mine: usize = groups.iter().filter(|group| group.is_mine).map(|group| group.entries.len()).sum();
    let all: usize = groups.iter().map(|group| group.entries.len()).sum();
    let title = match (mine, all) {
        (_, 0) => "Nothing is wrong where entities are described".to_owned(),
        (0, _) => "Nothing of yours needs mending".to_owned(),
        (1, _) => "One thing of yours needs mending".to_owned(),
        (count, _) => format!("{count} things of yours need mending"),
    };
    let list = if groups.is_empty() {
        view! { <EmptyState sentence="What is wrong in a file of the catalog stands here, with its line and how to mend it, until it is mended." /> }
            .into_any()
    } else {
        groups.into_iter().map(|group| card(group, now)).collect_view().into_any()
    };
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Catalog", "/catalog")]>
            <Sentence slot>"By whose it is to mend, yours first. What is mended in its file goes from here by itself."</Sentence>
        </PageHeader>
        <div class="grid gap-4">{list}</div>
    }
    .into_any()
}

fn card(group: InboxGroup, now: OffsetDateTime) -> AnyView {
    let owner = group.owner.as_deref().and_then(|text| text.parse::<EntityRef>().ok());
    let title = match &owner {
        Some(owner) => owner.name().to_owned(),
        None => "Nobody in particular".to_owned(),
    };
    let count = group.entries.len();
    let aside = if count == 1 { "1 thing".to_owned() } else { format!("{count} things") };
    let mine = group.is_mine.then(|| view! { <p class="mb-1"><Badge tone=Tone::Info word="yours" /></p> });
    let list = group.entries.into_iter().map(|one| entry(one, now)).collect_view();
    view! { <Card title=title aside=aside>{mine} <ul role="list" class="divide-y divide-line">{list}</ul></Card> }
        .into_any()
}

fn entry(entry: InboxEntry, now: OffsetDateTime) -> AnyView {
    let name = short(&entry.origin);
    let source = entry.source.map(|source| {
        let href = links::catalog_source(source);
        view! { <p class="text-sm text-ink-2 wrap-anywhere">"In " <TextLink href=href>{name}</TextLink></p> }.into_any()
    });
    finding(entry.finding, source, now)
}
