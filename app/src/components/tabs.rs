//! Tabs are links: which one is open stands in the address.

use leptos::prelude::*;

use super::SafeHref;

/// One view of the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub label: String,
    pub href: SafeHref,
    pub is_current: bool,
    /// How many things are behind it.
    pub count: Option<u64>,
}

/// A row of tabs.
#[component]
pub fn Tabs(
    /// What the tabs are views of.
    #[prop(into)]
    label: String,
    tabs: Vec<Tab>,
) -> impl IntoView {
    let tab = |Tab { label, href, is_current, count }: Tab| {
        view! {
            <li>
                <a
                    href=href.as_str().to_owned()
                    aria-current=is_current.then_some("page")
                    class="-mb-px flex min-h-[34px] items-center gap-2 border-b-2 border-transparent px-1 text-md whitespace-nowrap text-ink-2 no-underline hover:text-ink aria-[current]:border-accent aria-[current]:font-[560] aria-[current]:text-ink pointer-coarse:min-h-11"
                >
                    {label}
                    {count.map(|count| view! { <span class="text-sm font-normal text-ink-3">{count}</span> })}
                </a>
            </li>
        }
    };
    view! {
        <nav aria-label=label class="mb-4 overflow-x-auto border-b border-line print:hidden">
            <ul role="list" class="flex gap-5">
                {tabs.into_iter().map(tab).collect_view()}
            </ul>
        </nav>
    }
    .into_any()
}
