//! Copies what stands beside it.

use leptos::{prelude::*, task::spawn_local};

use super::browser;
use crate::components::{Glyph, Icon};

/// Where the button is between two presses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    None,
    Copied,
    Refused,
}

impl Outcome {
    fn words(self) -> &'static str {
        match self {
            Outcome::None => "Copy",
            Outcome::Copied => "Copied",
            Outcome::Refused => "Select it and copy",
        }
    }
}

/// A button that copies the `<code>` of the nearest element marked `data-copy-source`. It is hidden until the browser's
/// module runs: without it there is nothing it could do.
#[island]
pub fn CopyButton() -> impl IntoView {
    let is_awake = RwSignal::new(false);
    let outcome = RwSignal::new(Outcome::None);
    Effect::new(move |_| is_awake.set(true));

    let copy = move |event: leptos::ev::MouseEvent| {
        let source = browser::element_of(&event).and_then(|button| button.closest("[data-copy-source]").ok().flatten());
        let Some(code) = source.and_then(|source| source.query_selector("code").ok().flatten()) else { return };
        let text = code.text_content().unwrap_or_default();
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            outcome.set(if copied.is_ok() { Outcome::Copied } else { Outcome::Refused });
        });
    };
    view! {
        <button
            type="button"
            hidden=move || !is_awake.get()
            on:click=copy
            on:blur=move |_| outcome.set(Outcome::None)
            class="m-1.5 inline-flex min-h-[28px] items-center gap-1.5 rounded-sm border border-line bg-surface px-2 text-xs font-[560] text-ink-2 hover:text-ink pointer-coarse:min-h-11 print:hidden [[hidden]]:hidden"
        >
            <Icon glyph=Glyph::Copy />
            <span aria-live="polite">{move || outcome.get().words()}</span>
        </button>
    }
}
