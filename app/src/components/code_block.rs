//! Text to read exactly or to copy.

use leptos::prelude::*;

use crate::islands::CopyButton;

/// Code, a command, or the very words of another system. With scripts it has a button that copies it.
#[component]
pub fn CodeBlock(
    /// What it is, for screen readers: "The API server's answer".
    #[prop(into)]
    label: String,
    #[prop(into)] text: String,
    /// Breaks long lines instead of scrolling: for the sentences of other systems.
    #[prop(optional)]
    wraps: bool,
) -> impl IntoView {
    let wrapping = if wraps { "whitespace-pre-wrap" } else { "" };
    view! {
        <div class="flex items-start rounded-sm bg-sunken" data-copy-source="">
            <pre
                class=format!("min-w-0 flex-1 overflow-x-auto rounded-sm px-3.5 py-3 text-xs leading-[1.65] {wrapping}")
                role="group"
                tabindex="0"
                aria-label=label
            >
                <code class="text-xs">{text}</code>
            </pre>
            <CopyButton />
        </div>
    }
    .into_any()
}
