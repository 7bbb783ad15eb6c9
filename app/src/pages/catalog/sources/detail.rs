//! One source: what was read of it, what it holds, what is wrong there.

use backend::catalog::living::{self, SourceDetail, SourceFinding, SourceKind, SourceView};
use domain::{catalog::EntityRef, links};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{end, words};
use crate::{
    components::{
        Actions, Badge, Button, Card, Columns, Crumb, DataLink, EmptyState, Glyph, Grid, KeyValue, KeyValues, Moment,
        Note, Notice, PageHeader, Sentence, TextLink, Tone,
    },
    islands::FollowPage,
    pages::{
        followed::followed,
        loaded::{loaded, missing},
    },
    request::RequestContext,
};

#[component]
pub fn SourcePage() -> impl IntoView {
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let is_new = use_query_map().read_untracked().get("imported").is_some();
    let Some(id) = params.get("id").and_then(|id| id.parse::<Uuid>().ok()) else {
        return Some(missing().into_any());
    };
    let now = context.now;
    let load = async move { living::find_source(&context.viewer, &context.db, id).await };
    Some(loaded(load, move |found| draw(found, is_new, now)).into_any())
}

fn draw(found: SourceDetail, is_new: bool, now: OffsetDateTime) -> AnyView {
    let SourceDetail { source, findings, held } = found;
    let crumbs = vec![Crumb::new("Catalog", "/catalog"), Crumb::new("Sources", links::CATALOG_SOURCES)];
    let (title, kind) = (words::short(&source.origin), words::kind(source.kind));
    let is_read = source.kind != SourceKind::File && source.ended_at.is_none();
    let (look, end, moved) = (is_read.then(|| look(&source)), end::button(&source), end::moved(&source));
    let (trouble, facts, held) = (trouble(&source, now), facts(&source, now), held_by(held, source.entities));
    let ended = end::ended(&source, now);
    let imported = is_new.then(|| {
        view! { <Notice tone=Tone::Good message="It is in the catalog, and is read again whenever its branch changes." /> }
    });
    let follows = source.is_under_way.then(|| {
        let sentence = "This page shows what was read as soon as it is.".to_owned();
        followed(3, view! { <FollowPage seconds=1 sentence=sentence /> })
    });
    view! {
        {imported}
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>"This is " {kind} "."</Sentence>
            <Actions slot>{end} {look}</Actions>
        </PageHeader>
        {follows}
        {ended}
        {moved}
        {trouble}
        <Grid columns=Columns::WideAndNarrow>
            <Card title="What needs a look">{list(findings, now)}</Card>
            <Card title="Facts">{facts}</Card>
        </Grid>
        <Card title="What it describes">{held}</Card>
    }
    .into_any()
}

fn look(source: &SourceView) -> AnyView {
    let action = format!("{}/look", links::catalog_source(source.id));
    view! { <form method="post" action=action><Button glyph=Glyph::Undo>"Look again now"</Button></form> }.into_any()
}

fn trouble(source: &SourceView, now: OffsetDateTime) -> Option<AnyView> {
    let (words, since) = source.trouble.clone().filter(|_| source.moved_to.is_none())?;
    let note = view! {
        <div class="mb-4">
            <Note tone=Tone::Bad title="What is known may be out of date">
                {words} " So it is since " <Moment at=since now=now />
                ". Its entities stay as they were read last, and say so."
            </Note>
        </div>
    };
    Some(note.into_any())
}

fn facts(source: &SourceView, now: OffsetDateTime) -> AnyView {
    let moment = |at: Option<OffsetDateTime>| match at {
        Some(at) => view! { <Moment at=at now=now /> }.into_any(),
        None => view! { <Badge tone=Tone::Unknown word="not yet" /> }.into_any(),
    };
    let (read, looked) = (moment(source.read_at), moment(source.looked_at));
    let looked = (source.kind != SourceKind::File).then(|| view! { <KeyValue term="Asked">{looked}</KeyValue> });
    let pushes = words::pushes(&source.pushes);
    let pushes = (source.kind != SourceKind::File).then(|| view! { <KeyValue term="Pushes">{pushes}</KeyValue> });
    let address = source.origin.strip_prefix("url:").map(str::to_owned);
    let place = match address {
        Some(address) => view! { <DataLink text=address.clone() address=address /> }.into_any(),
        None => source.origin.clone().into_any(),
    };
    let commit = source.commit.as_deref().and_then(|commit| commit.get(..7)).map(str::to_owned);
    let commit = commit.map(|commit| view! { <KeyValue term="Commit"><code>{commit}</code></KeyValue> });
    let (state, entities) = (words::state(source), source.entities.to_string());
    let orphans = source.orphans;
    let orphans =
        (orphans > 0).then(|| view! { <KeyValue term="No longer described">{orphans.to_string()}</KeyValue> });
    view! {
        <KeyValues>
            <KeyValue term="State">{state}</KeyValue>
            <KeyValue term="Where"><span class="wrap-anywhere">{place}</span></KeyValue>
            {commit}
            <KeyValue term="Read">{read}</KeyValue>
            {looked}
            {pushes}
            <KeyValue term="Entities">{entities}</KeyValue>
            {orphans}
        </KeyValues>
    }
    .into_any()
}

fn list(findings: Vec<SourceFinding>, now: OffsetDateTime) -> AnyView {
    if findings.is_empty() {
        return view! { <p class="text-ink-2">"Nothing that you can see is wrong here."</p> }.into_any();
    }
    let list = findings.into_iter().map(|found| finding(found, None, now)).collect_view();
    view! { <ul role="list" class="divide-y divide-line">{list}</ul> }.into_any()
}

/// Where, what and since when, with what else there is to say of it.
pub(in crate::pages::catalog) fn finding(found: SourceFinding, more: Option<AnyView>, now: OffsetDateTime) -> AnyView {
    let (tone, word) = if found.is_error { (Tone::Bad, "error") } else { (Tone::Warn, "warning") };
    let place = format!("{}:{}:{}", found.file, found.line, found.column);
    let place = match found.address {
        Some(address) => view! { <DataLink text=place address=address /> }.into_any(),
        None => view! { <code>{place}</code> }.into_any(),
    };
    let (rule, message, since) = (found.rule, found.message, found.since);
    view! {
        <li class="py-2">
            <Badge tone=tone word=word /> " " <span class="wrap-anywhere">{place}</span> " "
            <span class="text-sm text-ink-3">{rule}</span>
            <p class="wrap-anywhere">{message}</p>
            <p class="text-sm text-ink-2">"Since " <Moment at=since now=now /></p>
            {more}
        </li>
    }
    .into_any()
}

fn held_by(held: Vec<EntityRef>, total: i64) -> AnyView {
    if held.is_empty() {
        return view! { <EmptyState sentence="Nothing that you can see is described here." /> }.into_any();
    }
    let more = total - i64::try_from(held.len()).unwrap_or(i64::MAX);
    let more = (more > 0).then(|| view! { <p class="mt-2 text-sm text-ink-2">"And " {more.to_string()} " more."</p> });
    let item = |of: EntityRef| {
        let (href, name) = (links::entity(&of), of.to_string());
        view! { <li class="wrap-anywhere"><TextLink href=href>{name}</TextLink></li> }
    };
    let list = held.into_iter().map(item).collect_view();
    view! { <ul role="list" class="grid gap-1 md:grid-cols-2">{list}</ul> {more} }.into_any()
}
