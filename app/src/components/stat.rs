//! One figure with its context in words.

use leptos::prelude::*;

use super::SafeHref;

/// A figure that opens to its evidence.
#[component]
pub fn Stat(
    /// With its unit: "81 %", "3 h 10".
    #[prop(into)]
    value: String,
    /// What the figure says, and against what: "of results rest on computed evidence".
    #[prop(into)]
    context: String,
    /// Where the figure comes from.
    #[prop(optional, into)]
    href: Option<SafeHref>,
) -> impl IntoView {
    let value = match href {
        Some(href) => view! {
            <a class="decoration-1" href=href.as_str().to_owned()>
                {value}
            </a>
        }
        .into_any(),
        None => value.into_any(),
    };
    view! {
        <div class="rounded-lg border border-line bg-surface px-4.5 py-4">
            <p class="text-stat font-[640] tracking-[-.02em]">{value}</p>
            <p class="text-sm text-ink-2">{context}</p>
        </div>
    }
    .into_any()
}
