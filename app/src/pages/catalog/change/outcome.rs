//! One change: what it changes, and how far it has come.

use backend::catalog::changing::{self, EntityChange, EntityChangeState};
use domain::links;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::words::{listed, state_tone, state_word};
use crate::{
    components::{
        Actions, Badge, ButtonKind, Card, CodeBlock, Columns, Crumb, DataLink, DiffLine, DiffView, Grid, KeyValue,
        KeyValues, LinkButton, Moment, Note, PageHeader, SafeHref, Sentence, Tone,
    },
    islands::FollowPage,
    pages::{
        catalog::sources::short,
        followed::followed,
        loaded::{loaded, missing},
    },
    request::RequestContext,
};

/// Longer than opening usually takes.
const SLOW: Duration = Duration::seconds(30);

#[component]
pub fn EntityChangePage() -> impl IntoView {
    let context = RequestContext::current()?;
    let Some(id) = use_params_map().read_untracked().get("id").and_then(|id| id.parse::<Uuid>().ok()) else {
        return Some(missing().into_any());
    };
    let now = context.now;
    let load = async move { changing::find_entity_change(&context.viewer, &context.db, id).await };
    Some(loaded(load, move |change| page(change, now)).into_any())
}

fn page(change: EntityChange, now: OffsetDateTime) -> AnyView {
    let name = change.title.clone().unwrap_or_else(|| change.reference.name().to_owned());
    let crumbs = vec![Crumb::new("Catalog", "/catalog"), Crumb::new(name.clone(), links::entity(&change.reference))];
    let title = format!("Change {} of {name}: {}", listed(&change.change), state_word(change.state));
    let (sentence, actions, notes) = (sentence(&change), actions(&change), notes(&change, now));
    let waits = (change.state == EntityChangeState::Asked).then(|| {
        let sentence = "This page shows the change request as soon as it is open.".to_owned();
        followed(2, view! { <FollowPage seconds=1 sentence=sentence /> })
    });
    let (difference, facts, text) = (difference(&change), facts(&change, now), by_hand(&change));
    view! {
        {waits}
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>{sentence}</Sentence>
            <Actions slot>{actions}</Actions>
        </PageHeader>
        {notes}
        <Grid columns=Columns::WideAndNarrow>
            <div class="grid grid-cols-[minmax(0,1fr)] content-start gap-4">
                <Card title="What it changes">{difference}</Card>
                {text}
            </div>
            <Card title="Facts">{facts}</Card>
        </Grid>
    }
    .into_any()
}

fn sentence(change: &EntityChange) -> String {
    let repository = change.place.as_ref().map(|(repository, ..)| repository.as_str()).unwrap_or_default();
    let number = change.number.unwrap_or_default();
    match change.state {
        EntityChangeState::Asked => {
            format!("A change request is being opened in {repository}. Usually this takes a few seconds.")
        }
        EntityChangeState::Opened => format!(
            "Change request {number} is open in {repository}. The entry changes when somebody who may write there merges it."
        ),
        EntityChangeState::Merged => {
            format!("Change request {number} was merged in {repository}. The catalog reads the file again by itself.")
        }
        EntityChangeState::Closed => {
            format!("Change request {number} was closed in {repository}. The entry stays as it is.")
        }
        EntityChangeState::Failed => "Nothing was changed.".to_owned(),
        EntityChangeState::Done => "The entry is changed; its page shows it.".to_owned(),
        EntityChangeState::ByHand => format!(
            "The entry was handed over in {}, which the platform cannot write. Change it there as shown, then hand it over \
             once more with `waymark catalog import`.",
            short(&change.origin)
        ),
    }
}

fn actions(change: &EntityChange) -> AnyView {
    let request = change.url.as_deref().and_then(|url| SafeHref::parse(url).ok()).map(|href| {
        let kind = match change.state {
            EntityChangeState::Opened => ButtonKind::Primary,
            _ => ButtonKind::Plain,
        };
        view! { <LinkButton href=href kind=kind>"Open the change request"</LinkButton> }
    });
    let again = matches!(change.state, EntityChangeState::Failed | EntityChangeState::Closed).then(|| {
        let href = links::entity_edit(&change.reference);
        view! { <LinkButton href=href>"Change it again"</LinkButton> }
    });
    let entry = links::entity(&change.reference);
    view! { {again} {request} <LinkButton href=entry>"Show the entry"</LinkButton> }.into_any()
}

fn notes(change: &EntityChange, now: OffsetDateTime) -> Option<AnyView> {
    let problem = change
        .problem
        .clone()
        .map(|problem| view! { <Note tone=Tone::Bad title="It could not be done">{problem}</Note> });
    let is_slow = change.state == EntityChangeState::Asked && now - change.created_at > SLOW;
    let slow = is_slow.then(|| {
        view! {
            <Note tone=Tone::Warn title="It takes longer than usual">
                "The part of the platform that writes to the Git host has not answered yet. The change request is opened as soon as it does; you can leave this page and come back."
            </Note>
        }
    });
    let owner = change.has_unknown_owner.then(|| {
        view! {
            <Note tone=Tone::Warn title="The catalog does not know the new owner">
                "See whether the name is right. Until a group or a person of that name is in the catalog, the entry counts as unowned."
            </Note>
        }
    });
    (problem.is_some() || slow.is_some() || owner.is_some())
        .then(|| view! { <div class="mb-4 grid gap-4">{problem} {slow} {owner}</div> }.into_any())
}

fn difference(change: &EntityChange) -> AnyView {
    let Some(diff) = &change.diff else {
        let sentence = match change.state {
            EntityChangeState::Asked => "It is worked out from the file as it is now.",
            _ => "It was never worked out.",
        };
        return view! { <p class="text-ink-2">{sentence}</p> }.into_any();
    };
    let caption = match &change.place {
        Some((_, _, path)) => format!("{path}, the part that describes it"),
        None => "The part that describes it".to_owned(),
    };
    let lines = DiffLine::parse_unified(diff);
    view! { <DiffView caption=caption lines=lines /> }.into_any()
}

fn by_hand(change: &EntityChange) -> Option<AnyView> {
    let text = change.text.clone()?;
    Some(
        view! {
            <Card title="The whole of it, to copy">
                <CodeBlock text=text label="The entity as YAML, changed" />
            </Card>
        }
        .into_any(),
    )
}

fn facts(change: &EntityChange, now: OffsetDateTime) -> AnyView {
    let (login, reference, asked, since) =
        (change.login.clone(), change.reference.to_string(), change.created_at, change.since);
    let state = view! { <Badge tone=state_tone(change.state) word=state_word(change.state) /> };
    let place = change.place.clone().map(|(repository, branch, path)| {
        let file = if branch == "main" { path } else { format!("{path} ({branch})") };
        view! {
            <KeyValue term="Repository"><span class="wrap-anywhere">{repository}</span></KeyValue>
            <KeyValue term="File"><span class="wrap-anywhere">{file}</span></KeyValue>
        }
    });
    let request = change.url.clone().zip(change.number).map(|(address, number)| {
        view! { <KeyValue term="Change request"><DataLink address=address text=format!("#{number}") /></KeyValue> }
    });
    view! {
        <KeyValues>
            <KeyValue term="State">{state} " " <Moment at=since now=now /></KeyValue>
            <KeyValue term="Entry"><code class="break-words">{reference}</code></KeyValue>
            {place}
            {request}
            <KeyValue term="Asked by">{login} ", " <Moment at=asked now=now /></KeyValue>
        </KeyValues>
    }
    .into_any()
}
