//! The product's mark and the line that marks demonstration data.

use leptos::prelude::*;

/// The mark alone, as a data address: pages show it in the browser's tab.
pub const FAVICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' \
    stroke='%233b6fc4' stroke-width='1.7' stroke-linejoin='round'%3E%3Cpath d='M3 13V4l5-2 5 2v9l-5-2.4zM8 2v8.6'/%3E%3C/svg%3E";

/// The mark and the name.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <span class="inline-flex items-center gap-2.5 font-[680] tracking-[-.01em]">
            <svg
                class="size-5 text-accent"
                viewBox="0 0 16 16"
                fill="none"
                stroke="currentColor"
                stroke-width="1.7"
                stroke-linejoin="round"
                aria-hidden="true"
            >
                <path d="M3 13V4l5-2 5 2v9l-5-2.4zM8 2v8.6"></path>
            </svg>
            "Waymark"
        </span>
    }
    .into_any()
}

/// Stands above every page while demonstration data is loaded.
#[component]
pub fn DemoBanner() -> impl IntoView {
    view! {
        <aside aria-label="Demonstration" class="bg-warn-soft px-4 py-0.5 text-center text-xs text-warn">
            "Demonstration data: teams, people and most entries are invented."
        </aside>
    }
    .into_any()
}
