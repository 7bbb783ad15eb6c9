//! How a source ends, and what is said of one that has ended or has another address.

use backend::catalog::living::{self, SourceDetail, SourceView};
use domain::links;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;
use uuid::Uuid;

use super::words;
use crate::{
    components::{Button, ButtonKind, Decision, DialogPage, LinkButton, Moment, Note, Remedy, Tone},
    pages::loaded::{loaded, missing},
    request::RequestContext,
};

/// What it means to end a source, and the button that does it.
#[component]
pub fn EndSourcePage() -> impl IntoView {
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let Some(id) = params.get("id").and_then(|id| id.parse::<Uuid>().ok()) else {
        return Some(missing().into_any());
    };
    let load = async move {
        let found = living::find_source(&context.viewer, &context.db, id).await?;
        // Whoever may not end it is told of no such page.
        if may_end(&found.source) { Ok(found) } else { Err(backend::Error::NotFound) }
    };
    Some(loaded(load, question).into_any())
}

fn may_end(source: &SourceView) -> bool {
    source.is_mine && source.ended_at.is_none()
}

fn question(found: SourceDetail) -> AnyView {
    let SourceDetail { source, held, .. } = found;
    let title = format!("End {}?", words::short(&source.origin));
    let orphans = match source.entities - source.orphans {
        0 => "Nothing that you can see is described there, so that no entry changes.".to_owned(),
        1 => "The entry that it describes stays in the catalog and is marked as no longer described:".to_owned(),
        count => {
            format!("The {count} entries that it describes stay in the catalog and are marked as no longer described:")
        }
    };
    let names = held.into_iter().map(|of| view! { <li class="wrap-anywhere">{of.to_string()}</li> }).collect_view();
    view! {
        <DialogPage title=title action=links::catalog_source_end(source.id) back=links::catalog_source(source.id)>
            <Decision slot>
                <Button kind=ButtonKind::Danger>"End this source"</Button>
            </Decision>
            <p>"It is not read any more, and what is wrong there is told to nobody any more."</p>
            <p class="mt-2">{orphans}</p>
            <ul class="mt-1 list-disc pl-5">{names}</ul>
            <p class="mt-2">
                "From then on they belong to the next file that describes them, with their history, or are taken out by their owners. Importing the same file again takes this back."
            </p>
        </DialogPage>
    }
    .into_any()
}

pub(super) fn button(source: &SourceView) -> Option<AnyView> {
    let href = links::catalog_source_end(source.id);
    may_end(source).then(|| view! { <LinkButton href=href>"End this source"</LinkButton> }.into_any())
}

/// A repository that has another name by now, and the button that follows it.
pub(super) fn moved(source: &SourceView) -> Option<AnyView> {
    let (before, now) = (source.repository.clone()?, source.moved_to.clone()?);
    let action = links::catalog_source_move(source.id);
    let form = source.is_mine.then(|| {
        view! {
            <form method="post" action=action>
                <Button kind=ButtonKind::Primary>"Read it from the new address"</Button>
            </form>
        }
    });
    let note = view! {
        <div class="mb-4">
            <Note tone=Tone::Warn title="It has another address">
                "The Git host calls " <code>{before}</code> " " <code>{now}</code>
                " by now. Its entities stay as they were read last, and keep their history when the new address is taken over."
                <Remedy slot>{form}</Remedy>
            </Note>
        </div>
    };
    Some(note.into_any())
}

pub(super) fn ended(source: &SourceView, now: OffsetDateTime) -> Option<AnyView> {
    let at = source.ended_at?;
    let why = match &source.ended_by {
        Some(name) => format!("{name} ended it "),
        None => "The Git host had nothing there for more than a day, so that it ended ".to_owned(),
    };
    let note = view! {
        <div class="mb-4">
            <Note tone=Tone::Warn title="This source has ended">
                {why} <Moment at=at now=now />
                ". It is not read any more. What it described is marked as no longer described, and belongs to the next file that describes it."
            </Note>
        </div>
    };
    Some(note.into_any())
}
