//! A question that deserves a page of its own: what ends, what is lost, and the button that does it.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{LinkButton, SafeHref};

/// The buttons that do it. "Go back" stands beside them.
#[slot]
pub struct Decision {
    children: Children,
}

/// One question in the middle of the page, inside the form that answers it.
#[component]
pub fn DialogPage(
    /// The question: "Delete payments-ledger-dev?".
    #[prop(into)]
    title: String,
    /// Where the form is sent, with POST.
    #[prop(into)]
    action: SafeHref,
    /// Where "Go back" leads.
    #[prop(into)]
    back: SafeHref,
    decision: Decision,
    /// What it means, and fields where something must be said.
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <form
            method="post"
            action=action.as_str().to_owned()
            class="mx-auto mt-8 max-w-form rounded-lg border border-line bg-surface px-6 py-5.5"
        >
            <h1 class="mb-2 text-stat font-[640] tracking-[-.015em]">{title}</h1>
            <div class="mb-5 text-ink-2">{children()}</div>
            <div class="flex flex-wrap gap-2">{(decision.children)()} <LinkButton href=back>"Go back"</LinkButton></div>
        </form>
    }
    .into_any()
}
