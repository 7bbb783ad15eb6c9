//! The HTML document around every page.

pub mod navigation;
pub mod rail;
#[cfg(test)]
mod tests;
pub mod top_bar;

use domain::access::{Theme, Viewer};
use leptos::{nonce::use_nonce, prelude::*, reactive::owner::Owner};
use leptos_meta::{MetaTags, Title, provide_meta_context};

pub use navigation::{Audience, NAVIGATION, NavCounts, NavGroup, NavItem};

use crate::{
    components::{DemoBanner, FAVICON, Note, Tone, raw_text::escape_raw_text},
    islands::BOOT_SCRIPT,
    request::SignedOutNote,
};
use rail::Rail;
use top_bar::{Menu, TopBar};

/// The addresses of the built files, such as `/pkg/waymark.3f9a.css`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    pub css: String,
    pub js: String,
    pub wasm: String,
    /// The address that the style sheet loads Inter from.
    pub font: String,
}

/// What the document needs to know about this request.
#[derive(Clone, Debug)]
pub struct Frame {
    pub assets: Assets,
    pub theme: Theme,
    /// `None` on pages for somebody who is not signed in; then there is no rail.
    pub viewer: Option<Viewer>,
    /// The path of this request, without the query string.
    pub path: String,
    /// Path and query string: where the theme switch comes back to.
    pub address: String,
    pub counts: NavCounts,
    /// Whether demonstration data is loaded.
    pub is_demo: bool,
    pub note: Option<SignedOutNote>,
    pub version: &'static str,
}

/// The document; its children are the page.
#[component]
pub fn Shell(frame: Frame, children: Children) -> impl IntoView {
    provide_meta_context();
    // Only islands are hydrated: the rest of the document needs no marks for it.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let Frame { assets, theme, version, is_demo, .. } = frame.clone();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.value()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=theme.color_scheme() />
                <link rel="icon" href=FAVICON />
                <link rel="preload" href=assets.font r#as="font" r#type="font/woff2" crossorigin="anonymous" />
                <link rel="stylesheet" href=assets.css />
                <Boot js=assets.js wasm=assets.wasm />
                <MetaTags />
            </head>
            <body class="flex min-h-screen flex-col print:block">
                <Title formatter=tab_title />
                <a
                    href="#main"
                    class="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10 focus:rounded-sm focus:bg-accent focus:px-4 focus:py-2 focus:text-accent-ink"
                >
                    "Skip to the content"
                </a>
                {is_demo.then(|| view! { <DemoBanner /> })}
                <Body frame=frame version=version>
                    {children()}
                </Body>
            </body>
        </html>
    }.into_any()
}

/// What the browser's tab says. Leptos writes it into the document as it is given, so it is escaped here.
fn tab_title(page: String) -> String {
    format!("{} · Waymark", escape_raw_text(&page))
}

#[component]
fn Body(frame: Frame, version: &'static str, children: Children) -> impl IntoView {
    let Frame { viewer, path, address, theme, counts, note, .. } = frame;
    let (columns, place) = if viewer.is_some() { ("md:grid-cols-[216px_minmax(0,1fr)]", "") } else { ("", "mx-auto") };
    let rail = viewer.clone().map(|viewer| view! { <Rail viewer=viewer path=path.clone() counts=counts /> });
    let menu = view! { <Menu viewer=viewer.clone() path=path theme=theme address=address.clone() counts=counts /> };
    view! {
        {menu}
        <div class=format!("grid flex-1 grid-cols-[minmax(0,1fr)] {columns} print:block")>
            {rail}
            <div class="flex min-w-0 flex-col">
                <TopBar viewer=viewer theme=theme address=address />
                <main
                    id="main"
                    tabindex="-1"
                    class=format!("w-full max-w-page flex-1 px-4 pb-12 outline-none md:px-9 md:pb-16 {place}")
                >
                    {note.map(signed_out)}
                    {children()}
                </main>
                <footer class=format!("w-full max-w-page px-4 pb-6 text-sm text-ink-3 md:px-9 {place}")>
                    <p class="border-t border-line pt-3">"Waymark " {version}</p>
                </footer>
            </div>
        </div>
    }
    .into_any()
}

/// What somebody reads first who had been signed out in the middle of a form.
fn signed_out(note: SignedOutNote) -> AnyView {
    let sentence = match note {
        SignedOutNote::Kept => {
            "Nothing was done with what you sent. What you typed stands in the form again: look at it, then send it once more."
        }
        SignedOutNote::Undone => "Nothing was done. If you still want it, press the button once more.",
    };
    view! {
        <div role="status" class="mt-4 max-w-form">
            <Note tone=Tone::Info title="Your session had ended">{sentence}</Note>
        </div>
    }
    .into_any()
}

/// Starts the islands. Script and module are fetched at low priority: the page is readable and usable without them.
#[component]
fn Boot(js: String, wasm: String) -> impl IntoView {
    let nonce = use_nonce();
    let call = format!("{BOOT_SCRIPT}({js:?}, {wasm:?})");
    view! {
        <link rel="modulepreload" href=js nonce=nonce.clone() fetchpriority="low" />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" fetchpriority="low" />
        <script type="module" nonce=nonce>
            {call}
        </script>
    }.into_any()
}
