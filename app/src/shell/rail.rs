//! The list of places, as the rail at the side draws it and the menu on narrow screens.

use domain::access::Viewer;
use leptos::prelude::*;

use super::navigation::{NAVIGATION, NavCounts, NavGroup, NavItem};
use crate::components::{BrandMark, Icon};

/// The rail: 216 px at the side, from 760 px on.
#[component]
pub fn Rail(viewer: Viewer, path: String, counts: NavCounts) -> impl IntoView {
    view! {
        <div class="border-r border-line max-md:hidden print:hidden">
            <nav aria-label="Main" class="sticky top-0 max-h-screen overflow-y-auto px-3 py-4.5">
                <a href="/" class="mb-4 inline-block rounded-sm px-2 no-underline" aria-label="Waymark, home">
                    <BrandMark />
                </a>
                <Places viewer=viewer path=path counts=counts />
            </nav>
        </div>
    }
    .into_any()
}

/// Every place that the viewer sees, by group.
#[component]
pub fn Places(viewer: Viewer, path: String, counts: NavCounts) -> impl IntoView {
    let group = move |group: NavGroup| {
        let places: Vec<_> = NAVIGATION
            .iter()
            .filter(|item| item.group == group && item.is_for(&viewer))
            .map(|item| place(item, &path, counts))
            .collect();
        (!places.is_empty()).then(|| {
            view! {
                {group
                    .heading()
                    .map(|heading| view! { <p class="px-2 pt-4 pb-1 text-xs tracking-[.02em] text-ink-3">{heading}</p> })}
                <ul role="list" class="flex flex-col gap-0.5">
                    {places}
                </ul>
            }
        })
    };
    NavGroup::ALL.into_iter().map(group).collect_view()
}

fn place(item: &NavItem, path: &str, counts: NavCounts) -> impl IntoView + use<> {
    let is_current = item.holds(path).then_some("page");
    let calls = !item.counts_what().is_empty();
    let figure = if calls { "rounded-full bg-accent-soft px-1.5 font-[560] text-accent-strong" } else { "text-ink-3" };
    view! {
        <li>
            <a
                href=item.href
                aria-current=is_current
                class="group flex min-h-[34px] items-center gap-2.5 rounded-sm px-2 text-md text-ink-2 no-underline hover:bg-sunken aria-[current]:bg-sunken aria-[current]:font-[560] aria-[current]:text-ink pointer-coarse:min-h-11"
            >
                <span class="text-ink-3 group-aria-[current]:text-accent">
                    <Icon glyph=item.glyph />
                </span>
                {item.label}
                {item
                    .count(counts)
                    .map(|count| {
                        view! {
                            <span class=format!("ml-auto text-xs font-normal tabular-nums {figure}")>
                                {count} <span class="sr-only">{item.counts_what()}</span>
                            </span>
                        }
                    })}
            </a>
        </li>
    }
}
