//! The frame of a chart: what it shows, in words, and the figures behind it.

use leptos::prelude::*;

/// The same figures as a [`super::DataTable`].
#[slot]
pub struct Figures {
    children: Children,
}

/// A drawing with its title, one sentence that says what to see in it, and its figures as a table.
#[component]
pub fn ChartFrame(
    #[prop(into)] title: String,
    /// What is to be seen, with units and span.
    #[prop(into)]
    description: String,
    figures: Figures,
    /// The drawing; it is hidden from screen readers, which have the sentence and the table.
    children: Children,
) -> impl IntoView {
    view! {
        <figure class="min-w-0 rounded-lg border border-line bg-surface px-4.5 py-4">
            <figcaption class="mb-3">
                <h2 class="text-lg font-[620] tracking-[-.005em]">{title}</h2>
                <p class="text-sm text-ink-2">{description}</p>
            </figcaption>
            <div aria-hidden="true">{children()}</div>
            <details class="mt-3 text-md">
                <summary class="inline-flex min-h-[34px] cursor-pointer items-center text-sm text-ink-2 underline decoration-line-strong underline-offset-3 hover:text-ink pointer-coarse:min-h-11">
                    "View as table"
                </summary>
                <div class="mt-2">{(figures.children)()}</div>
            </details>
        </figure>
    }.into_any()
}
