//! The choice between light, dark, and what the system has.

use domain::access::Theme;
use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};

use super::browser;
use crate::components::{Glyph, Icon};

/// Where the choice is sent; the server remembers it.
const ADDRESS: &str = "/settings/theme";

/// Three buttons of one form. Without scripts each sends `theme` and comes back to `next`; with them the page changes at
/// once and stays, and goes back to what it was when sending fails.
#[island]
pub fn ThemeSwitch(
    /// What is chosen now.
    theme: Theme,
    /// Path and query string of this page.
    next: String,
) -> impl IntoView {
    let chosen = RwSignal::new(theme);
    let button = {
        let next = next.clone();
        move |theme: Theme| {
            let next = next.clone();
            let choose = move |event: MouseEvent| {
                event.prevent_default();
                let before = chosen.get_untracked();
                show(chosen, theme);
                let next = next.clone();
                spawn_local(async move {
                    let sent = browser::post_form(ADDRESS, &[("theme", theme.value()), ("next", &next)]).await;
                    if sent.is_err() {
                        show(chosen, before);
                    }
                });
            };
            view! {
                <button
                    name="theme"
                    value=theme.value()
                    aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                    on:click=choose
                    class="flex min-h-[30px] flex-1 items-center justify-center gap-1.5 rounded-[5px] border border-transparent px-2 text-sm text-ink-2 hover:text-ink aria-pressed:border-line-strong aria-pressed:bg-surface aria-pressed:font-[560] aria-pressed:text-ink pointer-coarse:min-h-11"
                >
                    <Icon glyph=glyph(theme) />
                    {theme.label()}
                </button>
            }
        }
    };
    view! {
        <form method="post" action=ADDRESS>
            <input type="hidden" name="next" value=next />
            <div role="group" aria-label="Theme" class="flex gap-0.5 rounded-sm border border-line bg-sunken p-0.5">
                {Theme::ALL.into_iter().map(button).collect_view()}
            </div>
        </form>
    }
}

/// Changes the whole page: the style sheet reads the attribute on `<html>`.
fn show(chosen: RwSignal<Theme>, theme: Theme) {
    chosen.set(theme);
    if let Some(page) = document().document_element() {
        // Setting an attribute fails only for a name that is none.
        let _ = page.set_attribute("data-theme", theme.value());
    }
}

fn glyph(theme: Theme) -> Glyph {
    match theme {
        Theme::System => Glyph::Monitor,
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
    }
}
