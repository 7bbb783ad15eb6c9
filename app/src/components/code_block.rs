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
) -> impl IntoView {
    view! {
        <div class="relative rounded-sm bg-sunken" data-copy-source="">
            <pre
                class="overflow-x-auto rounded-sm px-3.5 py-3 pr-20 text-xs leading-[1.65]"
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
