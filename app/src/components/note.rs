//! The reason, next to the remedy.

use leptos::prelude::*;

use super::Tone;

/// The one or two buttons that help.
#[slot]
pub struct Remedy {
    children: Children,
}

/// What is the matter, what it means, what helps.
#[component]
pub fn Note(
    tone: Tone,
    /// What is the matter, in one line.
    #[prop(into)]
    title: String,
    #[prop(optional)] remedy: Option<Remedy>,
    children: Children,
) -> impl IntoView {
    let class = format!("rounded-sm border border-l-[3px] border-line bg-surface px-3.5 py-2.5 {}", tone.edge());
    view! {
        <div class=class>
            <p class="font-semibold">{title}</p>
            <div class="mt-0.5 text-md text-ink-2">{children()}</div>
            {remedy.map(|remedy| view! { <div class="mt-2.5 flex flex-wrap gap-2">{(remedy.children)()}</div> })}
        </div>
    }
    .into_any()
}
