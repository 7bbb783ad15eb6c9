//! What has just happened, said once at the top of the next page.

use leptos::prelude::*;

use super::{Icon, Tone};

/// The outcome of what the person just did. Screen readers hear it when the page opens.
#[component]
pub fn Notice(
    tone: Tone,
    /// A full sentence, with what to do next where something is to be done.
    #[prop(into)]
    message: String,
    /// A link to what was made, for example.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = if tone == Tone::Bad { "alert" } else { "status" };
    view! {
        <div role=role class=format!("mt-4 flex items-start gap-2.5 rounded-sm border px-3.5 py-2.5 text-md {}", tone.fill())>
            <span class="flex h-5.5 items-center">
                <Icon glyph=tone.glyph() />
            </span>
            <p class="min-w-0">{message} " " {children.map(|children| children())}</p>
        </div>
    }
    .into_any()
}
