//! A state in one word.

use leptos::prelude::*;

use super::{Glyph, Icon, IconSize, Tone};

/// Shape, word and colour of a state.
#[component]
pub fn Badge(
    tone: Tone,
    #[prop(into)] word: String,
    /// A more exact shape than the tone's own.
    #[prop(optional)]
    glyph: Option<Glyph>,
) -> impl IntoView {
    let class = format!(
        "inline-flex max-w-full items-center gap-1.5 rounded-full border px-2 text-xs font-[560] whitespace-nowrap {}",
        tone.fill()
    );
    view! {
        <span class=class>
            <Icon glyph=glyph.unwrap_or(tone.glyph()) size=IconSize::Small />
            <span class="truncate">{word}</span>
        </span>
    }
    .into_any()
}
