//! Something long behind its name, opened where it is wanted.

use leptos::prelude::*;

use super::{Glyph, Icon, IconSize};

/// What stands there while the rest is folded.
#[slot]
pub struct Summary {
    children: Children,
}

/// Nothing folded stands within something folded: the sign of the inner one would turn with the outer.
#[component]
pub fn Folded(summary: Summary, children: Children) -> impl IntoView {
    view! {
        <details class="group/folded min-w-0">
            <summary class="flex min-h-[34px] min-w-0 cursor-pointer items-center gap-2 text-md pointer-coarse:min-h-11">
                <span class="shrink-0 text-ink-3 group-open/folded:rotate-90">
                    <Icon glyph=Glyph::ChevronRight size=IconSize::Small />
                </span>
                {(summary.children)()}
            </summary>
            <div class="mt-1 mb-2 min-w-0">{children()}</div>
        </details>
    }
    .into_any()
}
