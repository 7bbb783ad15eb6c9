//! A card answers one question.

use leptos::prelude::*;

/// A titled part of a page.
#[component]
pub fn Card(
    #[prop(into)] title: String,
    /// A few words at the title's other end, such as what a legend says.
    #[prop(optional, into)]
    aside: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="min-w-0 rounded-lg border border-line bg-surface px-4.5 py-4">
            <div class="mb-2.5 flex flex-wrap items-baseline gap-x-3">
                <h2 class="text-lg font-[620] tracking-[-.005em]">{title}</h2>
                {aside.map(|aside| view! { <p class="text-sm text-ink-3 md:ml-auto">{aside}</p> })}
            </div>
            <div>{children()}</div>
        </section>
    }
    .into_any()
}
