//! What happened, one below the other, latest first.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::{Icon, IconSize, Moment, Tone};

/// A list of [`TimelineEntry`]s.
#[component]
pub fn Timeline(children: Children) -> impl IntoView {
    view! { <ol role="list">{children()}</ol> }.into_any()
}

/// One thing that happened.
#[component]
pub fn TimelineEntry(
    tone: Tone,
    /// What the tone says in a word: "failed", "approved".
    #[prop(into)]
    word: String,
    at: OffsetDateTime,
    now: OffsetDateTime,
    /// Who did it, or which system says so.
    #[prop(optional, into)]
    source: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <li class="relative pb-4 pl-8 before:absolute before:top-6 before:-bottom-0.5 before:left-[9px] before:w-0.5 before:bg-line last:pb-0 last:before:hidden">
            <span class=format!("absolute top-0.5 left-0 grid size-5 place-items-center rounded-full border {}", tone.fill())>
                <Icon glyph=tone.glyph() size=IconSize::Small />
            </span>
            <div class="min-w-0">{children()}</div>
            <p class="text-sm text-ink-3">
                {word} " · " <Moment at=at now=now /> {source.map(|source| format!(" · {source}"))}
            </p>
        </li>
    }.into_any()
}
