//! Every component in every state, on one page. For those who build pages, and for tests of looks and access.

pub mod data;
pub mod forms;
pub mod runs;
pub mod states;
#[cfg(test)]
mod tests;

use leptos::prelude::*;
use time::{OffsetDateTime, macros::datetime};

use crate::components::{
    Actions, Button, ButtonKind, Crumb, Decision, DialogPage, FieldText, LinkButton, PageHeader, Sentence, TextField,
    TextLink,
};

/// The page stands still, so that two pictures of it can be compared.
const NOW: OffsetDateTime = datetime!(2026-11-21 09:41:05 UTC);

const QUESTION: &str = "/development/components/question";

/// `/development/components`.
#[component]
pub fn GalleryPage() -> impl IntoView {
    view! {
        <PageHeader
            title="These parts draw every page"
            crumbs=vec![Crumb::new("Home", "/"), Crumb::new("Development", "/development/components")]
        >
            <Sentence slot>
                "Each is drawn once and shown here in all its states. "
                <TextLink href="#forms">"Forms"</TextLink> " work without scripts; "
                <TextLink href="#runs">"runs and differences"</TextLink> " say in words what they show in colour; "
                <TextLink href=QUESTION>"a question"</TextLink> " has a page of its own."
            </Sentence>
            <Actions slot>
                <LinkButton href="/">"Change answers"</LinkButton>
                <Button kind=ButtonKind::Primary>"Create checkout-api"</Button>
            </Actions>
        </PageHeader>
        <states::States />
        <data::Data />
        <runs::Runs />
        <forms::Forms />
    }
    .into_any()
}

/// `/development/components/question`: a question that has a page of its own.
#[component]
pub fn GalleryQuestion() -> impl IntoView {
    let confirm = FieldText::new("confirm", "Type the name to delete it").required();
    view! {
        <DialogPage title="Delete payments-ledger-dev?" action=QUESTION back="/development/components">
            <Decision slot>
                <Button kind=ButtonKind::Danger>"Delete payments-ledger-dev"</Button>
            </Decision>
            <p class="mb-4">
                "12 objects and 2 volumes end in 7 days. Until then it can be taken back; after that nobody can."
            </p>
            <TextField text=confirm />
        </DialogPage>
    }
    .into_any()
}

/// A part of this page, with an address of its own.
#[component]
fn Part(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section id=id class="mt-8" aria-labelledby=format!("{id}-title")>
            <h2 id=format!("{id}-title") class="mb-3 text-sm text-ink-3">
                {title}
            </h2>
            {children()}
        </section>
    }
    .into_any()
}
