//! What a list says when there is nothing in it.

use leptos::prelude::*;

/// One sentence, and the one thing to do.
#[component]
pub fn EmptyState(
    /// Why there is nothing, and what would be here.
    #[prop(into)]
    sentence: String,
    /// The one action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-center gap-4 rounded-lg border border-dashed border-line-strong px-6 py-10 text-center">
            <p class="max-w-[46ch] text-ink-2">{sentence}</p>
            {children.map(|children| children())}
        </div>
    }.into_any()
}
