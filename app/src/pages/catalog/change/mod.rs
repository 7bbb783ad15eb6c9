//! Changing an entity in its page, and what became of a change.

mod fields;
mod outcome;
mod words;

use backend::catalog::changing::{self, EditForm, Home};
use domain::{
    catalog::{EntityRef, edit::input_at},
    links,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::named::of_entity;
use crate::{
    components::{
        Button, ButtonKind, Card, Crumb, ErrorSummary, FieldProblem, LinkButton, Moment, Note, Notice, PageHeader,
        Remedy, Sentence, TextLink, Tone,
    },
    request::RequestContext,
};

pub use outcome::EntityChangePage;
pub(super) use words::{state_tone, state_word};

/// The button of the form.
pub const ACTION: &str = "action";
pub const DISCARD: &str = "discard";
/// What the entity said when the form was drawn, as JSON.
pub const SEEN: &str = "seen";

#[component]
pub fn EditPage() -> impl IntoView {
    let now = RequestContext::current()?.now;
    let load = |RequestContext { viewer, db, .. }: RequestContext, reference: EntityRef| async move {
        let found = changing::edit_form(&viewer, &db, &reference).await?;
        Ok((reference, found))
    };
    of_entity(links::entity_edit, load, move |(reference, found)| page(&reference, found, now))
}

fn page(reference: &EntityRef, found: EditForm, now: OffsetDateTime) -> AnyView {
    let name = found.title.clone().unwrap_or_else(|| reference.name().to_owned());
    let crumbs = vec![Crumb::new("Catalog", "/catalog"), Crumb::new(name.clone(), links::entity(reference))];
    let (sentence, kept, under_way) = (sentence(&found.home), kept(reference, &found, now), under_way(&found));
    let (summary, whole) = (problems(&found), whole(&found));
    let seen = serde_json::to_string(&found.seen).unwrap_or_default();
    let (action, back, label) = (links::entity_edit(reference), links::entity(reference), label(&found.home));
    let (about, links) = (fields::about(&found), fields::links(&found));
    view! {
        <PageHeader title=format!("Change {name}") crumbs=crumbs>
            <Sentence slot>{sentence}</Sentence>
        </PageHeader>
        {kept}
        {under_way}
        <ErrorSummary title="Nothing is changed yet" problems=summary />
        {whole}
        <form method="post" action=action novalidate class="flex min-w-0 flex-col gap-4">
            <input type="hidden" name=SEEN value=seen />
            <Card title="What it is">{about}</Card>
            <Card title="Links">{links}</Card>
            <div class="flex flex-wrap gap-2">
                <Button kind=ButtonKind::Primary>{label}</Button>
                <LinkButton href=back>"Go back"</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

fn sentence(home: &Home) -> String {
    match home {
        Home::GitHost { repository, path, .. } => format!(
            "It lives in {path} of {repository}. What you change becomes a change request there; comments, order and everything \
             else in the file stay as they are."
        ),
        Home::File { name, .. } => format!(
            "It was handed over in {name}, a file that the platform cannot write. You get the lines to change there."
        ),
        Home::Here => "It lives in the platform itself, so that it changes at once.".to_owned(),
    }
}

fn label(home: &Home) -> &'static str {
    match home {
        Home::GitHost { .. } => "Open a change request",
        Home::File { .. } => "Show what to change",
        Home::Here => "Change it",
    }
}

/// Where the input comes from, when it is not what the entity says.
fn kept(reference: &EntityRef, found: &EditForm, now: OffsetDateTime) -> Option<AnyView> {
    let at = found.kept_at?;
    let action = links::entity_edit(reference);
    let afresh =
        view! { <form method="post" action=action><Button name=ACTION value=DISCARD>"Start afresh"</Button></form> };
    let note = if found.moved.is_empty() {
        // The page that has just been sent needs no word about where its input comes from.
        if !found.errors.is_empty() {
            return None;
        }
        view! {
            <Note tone=Tone::Info title="This is what you typed before">
                "You left it " <Moment at=at now=now /> ", and nothing was changed."
                <Remedy slot>{afresh}</Remedy>
            </Note>
        }
        .into_any()
    } else {
        let fields = found.moved.join(", ");
        view! {
            <Note tone=Tone::Warn title="The entry has changed since you opened this form">
                "This is new in it: " {fields} ". What you typed yourself stands here as you typed it, everything else as it is now. Look at it once more, then send it again."
                <Remedy slot>{afresh}</Remedy>
            </Note>
        }
        .into_any()
    };
    Some(view! { <div class="mb-5 max-w-form">{note}</div> }.into_any())
}

fn under_way(found: &EditForm) -> Option<AnyView> {
    let first = *found.under_way.first()?;
    let more = match found.under_way.len() {
        1 => "A change of it is under way.".to_owned(),
        count => format!("{count} changes of it are under way."),
    };
    let href = links::catalog_change(first);
    Some(
        view! {
            <div class="mb-5 max-w-form">
                <Note tone=Tone::Info title=more>
                    "Until it is merged, this form shows the entry without it. " <TextLink href=href>"See the latest"</TextLink>
                </Note>
            </div>
        }
        .into_any(),
    )
}

fn problems(found: &EditForm) -> Vec<FieldProblem> {
    let errors = found.errors.iter().filter(|_| found.moved.is_empty());
    let problem = |error: &domain::error::FieldError| {
        Some(FieldProblem { name: input_at(&error.pointer)?, message: error.message.clone() })
    };
    errors.filter_map(problem).collect()
}

/// What is wrong and belongs to no field.
fn whole(found: &EditForm) -> Option<AnyView> {
    let errors = found.errors.iter().filter(|error| found.moved.is_empty() && input_at(&error.pointer).is_none());
    let messages: Vec<&str> = errors.map(|error| error.message.as_str()).collect();
    (!messages.is_empty()).then(|| {
        view! { <div class="mb-5 max-w-form"><Notice tone=Tone::Bad message=messages.join(" ") /></div> }.into_any()
    })
}
