//! Names and their values.

use leptos::prelude::*;

/// A list of [`KeyValue`]s.
#[component]
pub fn KeyValues(children: Children) -> impl IntoView {
    view! { <dl class="grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-md">{children()}</dl> }
        .into_any()
}

/// One name and its value.
#[component]
pub fn KeyValue(#[prop(into)] term: String, children: Children) -> impl IntoView {
    view! {
        <dt class="text-ink-3">{term}</dt>
        <dd class="min-w-0">{children()}</dd>
    }
    .into_any()
}
