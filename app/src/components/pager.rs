//! From one page of a list to the next.

use leptos::prelude::*;

use super::{Glyph, LinkButton, SafeHref};

/// Links to the beginning and to what comes next. Without any the whole list is on the page, and nothing is drawn.
#[component]
pub fn Pager(
    /// How much is on this page: "50 of 312 entries".
    #[prop(into)]
    summary: String,
    #[prop(optional_no_strip)] first: Option<SafeHref>,
    #[prop(optional_no_strip)] next: Option<SafeHref>,
) -> impl IntoView {
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav aria-label="Pages" class="mt-3 flex flex-wrap items-center gap-2 text-sm text-ink-2">
                <p class="mr-auto">{summary}</p>
                {first
                    .map(|href| {
                        view! {
                            <LinkButton href=href glyph=Glyph::ChevronLeft>
                                "Back to the beginning"
                            </LinkButton>
                        }
                    })}
                {next
                    .map(|href| {
                        view! {
                            <LinkButton href=href glyph=Glyph::ChevronRight>
                                "Show more"
                            </LinkButton>
                        }
                    })}
            </nav>
        }
    })
}
