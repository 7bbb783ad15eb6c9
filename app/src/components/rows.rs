//! Things one below the other, each with what to know about it.

use leptos::prelude::*;

/// What stands before the words: a badge, a time, a kind.
#[slot]
pub struct Lead {
    children: Children,
}

/// A list of [`RowItem`]s with hairlines between them.
#[component]
pub fn Rows(children: Children) -> impl IntoView {
    view! {
        <ul role="list" class="divide-y divide-line">
            {children()}
        </ul>
    }
    .into_any()
}

/// One line: what it is, what to know about it, and a figure at the end.
#[component]
pub fn RowItem(
    #[prop(optional)] lead: Option<Lead>,
    /// The second voice under the words.
    #[prop(optional, into)]
    detail: Option<String>,
    /// At the end of the line, such as an age or a duration.
    #[prop(optional, into)]
    aside: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <li class="flex flex-wrap items-baseline gap-x-3 gap-y-1 py-2.5 first:pt-0.5 last:pb-0.5">
            {lead
                .map(|lead| {
                    view! { <span class="max-w-full shrink-0 text-sm text-ink-2">{(lead.children)()}</span> }
                })}
            <div class="min-w-[min(100%,11rem)] flex-1">
                {children()}
                {detail.map(|detail| view! { <p class="text-sm text-ink-2">{detail}</p> })}
            </div>
            {aside.map(|aside| view! { <span class="text-sm whitespace-nowrap text-ink-3 tabular-nums">{aside}</span> })}
        </li>
    }
    .into_any()
}
