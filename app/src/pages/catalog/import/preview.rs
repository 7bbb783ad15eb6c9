//! What an import would do, read before any of it is done.

use backend::catalog::{
    Preview, PreviewDocument, PreviewFate,
    living::{self, Holder, ImportState, ImportView},
};
use domain::{catalog::descriptor::Finding, links};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    components::{
        Actions, Badge, Button, ButtonKind, Card, Cell, Column, Crumb, DataTable, Glyph, LinkButton, Moment, Note,
        PageHeader, RowHeader, Sentence, TableRow, TextLink, Tone,
    },
    islands::FollowPage,
    pages::{
        followed::followed,
        loaded::{loaded, missing},
    },
    request::RequestContext,
};

/// Longer than reading usually takes.
const SLOW: Duration = Duration::seconds(20);
/// Nobody reads more one by one; the figures above the table count all.
const MOST_ROWS: usize = 300;
/// Who has a name that is taken is said with the document.
const TAKEN: &str = "entity-taken";

#[component]
pub fn PreviewPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let Some(id) = params.get("id").and_then(|id| id.parse::<Uuid>().ok()) else {
        return Some(missing().into_any());
    };
    let now = context.now;
    let load = async move { living::find_import(&context.viewer, &context.db, id).await };
    Some(loaded(load, move |import| draw(import, now)).into_any())
}

fn draw(import: ImportView, now: OffsetDateTime) -> AnyView {
    let crumbs = vec![Crumb::new("Catalog", "/catalog"), Crumb::new("Import", links::CATALOG_IMPORT)];
    let (title, sentence, actions) = (title(&import), sentence(&import, now), actions(&import));
    let note = note(&import, now);
    let waits = (import.state == ImportState::Reading).then(waiting);
    let preview = import.preview.map(|preview| preview_of(preview, &import.holders));
    view! {
        <PageHeader title=title crumbs=crumbs>
            <Sentence slot>{sentence}</Sentence>
            <Actions slot>{actions}</Actions>
        </PageHeader>
        <div class="grid gap-4">{note} {waits} {preview}</div>
    }
    .into_any()
}

fn title(import: &ImportView) -> String {
    let repository = &import.repository;
    match import.state {
        ImportState::Reading => format!("{repository} is being read"),
        ImportState::Ready => format!("This is what {repository} would bring"),
        ImportState::Moved => format!("{repository} has changed since it was read"),
        ImportState::Failed => format!("{repository} cannot be imported like that"),
        ImportState::Accepted => format!("{repository} is in the catalog"),
    }
}

fn sentence(import: &ImportView, now: OffsetDateTime) -> AnyView {
    let place = match &import.branch {
        Some(branch) => format!("{} on the branch {branch}", import.path),
        None => import.path.clone(),
    };
    let commit = import.commit.as_deref().and_then(|commit| commit.get(..7)).map(str::to_owned);
    let read = commit.zip(import.read_at).map(|(commit, at)| {
        view! { " as of commit " <code>{commit}</code> ", read " <Moment at=at now=now /> }
    });
    view! { {place} {read} "." }.into_any()
}

fn actions(import: &ImportView) -> AnyView {
    let address = links::catalog_import(import.id);
    let brings = import.preview.as_ref().is_some_and(|preview| !preview.documents.is_empty());
    let accept = import.hash.clone().filter(|_| import.state == ImportState::Ready && brings).map(|hash| {
        view! {
            <form method="post" action=format!("{address}/accept")>
                <input type="hidden" name="hash" value=hash />
                <Button kind=ButtonKind::Primary>"Take it over"</Button>
                <p class="mt-2 max-w-prose text-sm text-ink-2">
                    "From then on the platform reads the file again after each push. Where it may, it asks the Git host to tell \
                     of pushes, by a webhook in the repository."
                </p>
            </form>
        }
    });
    let is_primary = matches!(import.state, ImportState::Moved | ImportState::Failed);
    let again_kind = if is_primary { ButtonKind::Primary } else { ButtonKind::Plain };
    let again = matches!(import.state, ImportState::Moved | ImportState::Failed | ImportState::Ready).then(|| {
        view! {
            <form method="post" action=format!("{address}/again")>
                <Button kind=again_kind glyph=Glyph::Undo>"Look again"</Button>
            </form>
        }
    });
    let source = import.source.map(|source| {
        view! { <LinkButton href=links::catalog_source(source) kind=ButtonKind::Primary>"Show the source"</LinkButton> }
    });
    view! { {again} {accept} {source} }.into_any()
}

fn note(import: &ImportView, now: OffsetDateTime) -> Option<AnyView> {
    let problem = import.problem.clone();
    match import.state {
        ImportState::Reading if now - import.created_at > SLOW => Some(
            view! {
                <Note tone=Tone::Warn title="It takes longer than usual">
                    "The part of the platform that reads the Git host has not answered yet. The preview is made as soon as it does; you can leave this page and come back."
                </Note>
            }
            .into_any(),
        ),
        ImportState::Moved => {
            let words = problem.unwrap_or_default();
            Some(view! { <Note tone=Tone::Warn title="Nothing was taken over">{words}</Note> }.into_any())
        }
        ImportState::Failed => {
            let words = problem.unwrap_or_default();
            Some(view! { <Note tone=Tone::Bad title="There is nothing to take over">{words}</Note> }.into_any())
        }
        _ => None,
    }
}

/// Without scripts the page looks again by itself.
fn waiting() -> AnyView {
    let sentence = "This page shows the preview as soon as it is made.".to_owned();
    view! {
        {followed(2, view! { <FollowPage seconds=1 sentence=sentence /> })}
        <p class="text-ink-2">"The file and all that it leads to are read from the Git host. Usually this takes a few seconds."</p>
    }
    .into_any()
}

fn preview_of(preview: Preview, holders: &[Holder]) -> AnyView {
    let Preview { documents, findings, files, orphaned } = preview;
    let summary = summary(&documents, &findings, orphaned);
    let failed: Vec<_> = findings.into_iter().filter(|(_, finding)| finding.rule != TAKEN).collect();
    let more = documents.len().saturating_sub(MOST_ROWS);
    let more = (more > 0).then(|| view! { <p class="mt-2 text-sm text-ink-2">"And " {more.to_string()} " more."</p> });
    let rows = documents.into_iter().take(MOST_ROWS).map(|document| row(document, holders)).collect_view();
    let columns = ["Entity", "What happens", "Where"].map(Column::text).to_vec();
    let found = (!failed.is_empty()).then(|| {
        let list = failed.into_iter().map(finding).collect_view();
        view! { <Card title="What needs a look"><ul role="list" class="divide-y divide-line">{list}</ul></Card> }
    });
    let count = files.len();
    let read =
        files.into_iter().map(|file| view! { <li class="wrap-anywhere"><code>{file}</code></li> }).collect_view();
    view! {
        <p class="max-w-prose text-ink-2">{summary}</p>
        {found}
        <Card title="Entities">
            <DataTable caption="What becomes of each entity" columns=columns>{rows}</DataTable>
            {more}
        </Card>
        <Card title="Files" aside=format!("{count} read")><ul role="list" class="grid gap-1">{read}</ul></Card>
    }
    .into_any()
}

fn summary(documents: &[PreviewDocument], findings: &[(String, Finding)], orphaned: usize) -> String {
    let count = |is: fn(&PreviewFate) -> bool| documents.iter().filter(|document| is(&document.fate)).count();
    let failed = findings.iter().filter(|(_, finding)| finding.is_error() && finding.rule != TAKEN).count();
    let parts = [
        (count(|fate| *fate == PreviewFate::Appears), "new"),
        (count(|fate| matches!(fate, PreviewFate::Changes(_))), "changed"),
        (count(|fate| *fate == PreviewFate::Unchanged), "unchanged"),
        (count(|fate| *fate == PreviewFate::Collides), "held by somebody else, left alone"),
        (orphaned, "no longer described, marked as orphaned"),
        (failed, "to mend first, left out"),
    ];
    let told: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")).collect();
    if told.is_empty() { "There is no entity in what was read.".to_owned() } else { format!("{}.", told.join(", ")) }
}

fn row(document: PreviewDocument, holders: &[Holder]) -> AnyView {
    let PreviewDocument { file, line, column, reference, fate } = document;
    let happens = match fate {
        PreviewFate::Appears => view! { <Badge tone=Tone::Good word="appears" /> }.into_any(),
        PreviewFate::Unchanged => view! { <Badge tone=Tone::Info word="unchanged" /> }.into_any(),
        PreviewFate::Changes(fields) => {
            let fields = if fields.is_empty() { "where it is described".to_owned() } else { fields.join(", ") };
            view! { <Badge tone=Tone::Warn word="changes" /> <p class="text-sm text-ink-2 wrap-anywhere">{fields}</p> }
                .into_any()
        }
        PreviewFate::Collides => collides(holders.iter().find(|holder| holder.reference == reference)),
    };
    let (name, place) = (reference.to_string(), format!("{file}, line {line}, column {column}"));
    view! {
        <TableRow>
            <RowHeader label="Entity"><span class="wrap-anywhere">{name}</span></RowHeader>
            <Cell label="What happens">{happens}</Cell>
            <Cell label="Where"><span class="wrap-anywhere">{place}</span></Cell>
        </TableRow>
    }
    .into_any()
}

fn collides(holder: Option<&Holder>) -> AnyView {
    let with = holder.map(|holder| {
        let (href, origin) = (links::entity(&holder.reference), holder.origin.clone());
        view! {
            <p class="text-sm text-ink-2 wrap-anywhere">
                "The catalog has it " <TextLink href=href>"from elsewhere"</TextLink> ": " {origin} ". It stays as it is there."
            </p>
        }
    });
    view! { <Badge tone=Tone::Bad word="collides" /> {with} }.into_any()
}

fn finding((file, finding): (String, Finding)) -> AnyView {
    let (tone, word) = if finding.is_error() { (Tone::Bad, "fails") } else { (Tone::Warn, "look") };
    let place = format!("{file}:{}:{}", finding.line, finding.column);
    let (rule, message) = (finding.rule, finding.message);
    view! {
        <li class="py-2">
            <Badge tone=tone word=word /> " " <code class="wrap-anywhere">{place}</code> " "
            <span class="text-sm text-ink-3">{rule}</span> <p class="wrap-anywhere">{message}</p>
        </li>
    }
    .into_any()
}
