//! Search and account: in a bar over the page, or in the menu of narrow screens.

use domain::access::{Theme, Viewer};
use leptos::prelude::*;
use leptos_router::location::Url;

use super::{navigation::NavCounts, rail::Places};
use crate::{
    components::{BrandMark, Button, Glyph, Icon, LinkButton},
    islands::ThemeSwitch,
};

/// The bar over the page, from 760 px on.
#[component]
pub fn TopBar(viewer: Option<Viewer>, theme: Theme, address: String) -> impl IntoView {
    let content = match viewer {
        Some(viewer) => view! {
            <Search id="search" />
            <AccountMenu viewer=viewer theme=theme address=address />
        }
        .into_any(),
        None => view! {
            <a href="/" class="no-underline" aria-label="Waymark, home">
                <BrandMark />
            </a>
            <span class="ml-auto">
                <SignIn address=address />
            </span>
        }
        .into_any(),
    };
    view! { <header class="flex h-14.5 items-center gap-3 px-9 max-md:hidden print:hidden">{content}</header> }
        .into_any()
}

/// The bar of narrow screens: mark and a menu that opens without scripts.
#[component]
pub fn Menu(viewer: Option<Viewer>, path: String, theme: Theme, address: String, counts: NavCounts) -> impl IntoView {
    let content = match viewer {
        Some(viewer) => view! {
            <Search id="menu-search" />
            <nav aria-label="Main" class="mt-2">
                <Places viewer=viewer.clone() path=path counts=counts />
            </nav>
            <div class="mt-4 border-t border-line pt-4">
                <Account viewer=viewer theme=theme address=address />
            </div>
        }
        .into_any(),
        None => view! { <SignIn address=address /> }.into_any(),
    };
    view! {
        <header class="relative border-b border-line md:hidden print:hidden">
            <a href="/" class="absolute top-0 left-4 flex h-14 items-center no-underline" aria-label="Waymark, home">
                <BrandMark />
            </a>
            <details>
                <summary class="flex h-14 cursor-pointer list-none items-center justify-end px-4">
                    <span class="inline-flex min-h-11 items-center gap-2 rounded-sm border border-line-strong bg-surface px-3 text-md font-[560]">
                        <Icon glyph=Glyph::Menu />
                        "Menu"
                    </span>
                </summary>
                <div class="px-4 pt-1 pb-5">{content}</div>
            </details>
        </header>
    }.into_any()
}

/// Finds anything. Plain GET: the address of a search can be shared.
#[component]
fn Search(id: &'static str) -> impl IntoView {
    view! {
        <form role="search" method="get" action="/search" class="relative flex-1 md:max-w-110">
            <label for=id class="sr-only">
                "Find anything"
            </label>
            <span class="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-ink-3">
                <Icon glyph=Glyph::Search />
            </span>
            <input
                type="search"
                id=id
                name="q"
                placeholder="Find a service, a team, a namespace"
                autocomplete="off"
                class="min-h-[34px] w-full rounded-sm border border-line-strong bg-surface py-1 pr-2.5 pl-8.5 text-md placeholder:text-ink-3 max-md:text-lg pointer-coarse:min-h-11"
            />
        </form>
    }.into_any()
}

/// The button with the person's initials, and the panel it opens. The browser opens and closes it, without scripts.
#[component]
fn AccountMenu(viewer: Viewer, theme: Theme, address: String) -> impl IntoView {
    view! {
        <button
            type="button"
            popovertarget="account"
            class="account-button ml-auto grid size-[34px] cursor-pointer place-items-center rounded-full bg-accent-soft text-xs font-[650] text-accent-strong pointer-coarse:size-11"
        >
            <span aria-hidden="true">{viewer.initials()}</span>
            <span class="sr-only">"Account of " {viewer.name.clone()}</span>
        </button>
        <div popover="auto" id="account" class="account-panel w-72 rounded-lg border border-line-strong bg-surface p-4 text-ink">
            <Account viewer=viewer theme=theme address=address />
        </div>
    }.into_any()
}

/// Who is signed in, the theme, settings and the way out.
#[component]
fn Account(viewer: Viewer, theme: Theme, address: String) -> impl IntoView {
    let teams = if viewer.teams.is_empty() { "in no team yet".to_owned() } else { viewer.teams.join(", ") };
    view! {
        <p class="font-semibold">{viewer.name}</p>
        <p class="mb-3 text-sm text-ink-2">{viewer.login} " · " {teams}</p>
        <ThemeSwitch theme=theme next=address />
        <div class="mt-3 flex flex-wrap gap-2">
            <LinkButton href="/settings" glyph=Glyph::Settings>"Settings"</LinkButton>
            <form method="post" action="/logout">
                <Button glyph=Glyph::SignOut>"Sign out"</Button>
            </form>
        </div>
    }
    .into_any()
}

/// The way in, for pages that anybody may see.
#[component]
fn SignIn(address: String) -> impl IntoView {
    view! { <LinkButton href=format!("/login?next={}", Url::escape(&address))>"Sign in"</LinkButton> }.into_any()
}
