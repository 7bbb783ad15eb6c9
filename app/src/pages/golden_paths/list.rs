//! All paths with what each is for.

use backend::golden_paths::{self, DraftSummary, PathSummary};
use domain::links;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::services;
use crate::{
    components::{Card, Columns, EmptyState, Grid, LinkButton, Moment, PageHeader, RowItem, Rows, Sentence, TextLink},
    pages::loaded::loaded,
    request::RequestContext,
};

#[component]
pub fn GoldenPathsPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let now = context.now;
    let load = async move {
        let paths = golden_paths::list(&context.viewer, &context.db).await?;
        Ok((paths, golden_paths::list_drafts(&context.viewer, &context.db).await?))
    };
    Some(loaded(load, move |(paths, drafts)| view! { <GoldenPaths paths=paths drafts=drafts now=now /> }))
}

#[component]
fn GoldenPaths(paths: Vec<PathSummary>, drafts: Vec<DraftSummary>, now: OffsetDateTime) -> impl IntoView {
    let title = match paths.len() {
        0 => "There are no golden paths yet".to_owned(),
        1 => "One way to a running service".to_owned(),
        n => format!("{n} ways to a running service"),
    };
    view! {
        <PageHeader title=title>
            <Sentence slot>
                "A golden path makes the repository, the catalog entry, the namespaces and the delivery of a service. "
                "You see the whole plan before anything is made."
            </Sentence>
        </PageHeader>
        {(!drafts.is_empty())
            .then(|| view! { <div class="mb-4"><Card title="Where you left off">{left_off(drafts, now)}</Card></div> })}
        {if paths.is_empty() {
            view! { <EmptyState sentence="The platform team has not published a golden path yet. Ask them when there will be one." /> }
                .into_any()
        } else {
            let cards = paths.into_iter().map(card).collect_view();
            view! { <Grid columns=Columns::Two>{cards}</Grid> }.into_any()
        }}
    }
}

fn card(path: PathSummary) -> impl IntoView {
    let (page, form) = (links::golden_path(&path.name), links::golden_path_form(&path.name));
    let aside = format!("version {} · {}", path.version, services(path.services));
    let label = format!("Create with {}", path.title);
    view! {
        <Card title=path.title aside=aside>
            <p class="text-md text-ink-2">{path.description}</p>
            {tags(path.tags)}
            <div class="mt-3.5 flex flex-wrap items-center gap-x-4 gap-y-2">
                <LinkButton href=form>{label}</LinkButton>
                <TextLink href=page>"What it makes"</TextLink>
            </div>
        </Card>
    }
}

pub(super) fn tags(tags: Vec<String>) -> impl IntoView {
    let tag = |tag: String| view! { <li class="rounded-full border border-line px-2 text-xs text-ink-2">{tag}</li> };
    (!tags.is_empty()).then(|| {
        view! {
            <ul role="list" aria-label="Tags" class="mt-2.5 flex flex-wrap gap-1.5">
                {tags.into_iter().map(tag).collect_view()}
            </ul>
        }
    })
}

/// The viewer's drafts, each with the way back into its form.
pub(crate) fn left_off(drafts: Vec<DraftSummary>, now: OffsetDateTime) -> impl IntoView {
    let row = move |draft: DraftSummary| {
        let name = draft.typed.get("name").map(str::trim).filter(|name| !name.is_empty());
        let words = match name {
            Some(name) => format!("Go on with {name}"),
            None => "Go on with a service without a name yet".to_owned(),
        };
        let detail = if draft.has_errors { format!("{} · needs a change", draft.title) } else { draft.title };
        let form = links::golden_path_form(&draft.golden_path);
        view! {
            <RowItem detail=detail>
                <TextLink href=form>{words}</TextLink>
                " "
                <span class="text-sm text-ink-3">"left " <Moment at=draft.updated_at now=now /></span>
            </RowItem>
        }
    };
    view! { <Rows>{drafts.into_iter().map(row).collect_view()}</Rows> }
}
