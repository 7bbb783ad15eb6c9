//! The one page for everything that goes wrong. It needs neither a session nor the database.

use domain::error::ErrorKind;
use leptos::{prelude::*, reactive::owner::Owner};

/// The whole document as text. `detail` says what to do, `reference` finds the request in the log, `way_back` is an
/// address with the words of its link where there is a better one than the start page.
pub fn page(kind: ErrorKind, detail: &str, reference: &str, css: &str, way_back: Option<(&str, &str)>) -> String {
    let owner = Owner::new();
    let (detail, reference, css) = (detail.to_owned(), reference.to_owned(), css.to_owned());
    let (way_back, label) = way_back.unwrap_or(match kind {
        ErrorKind::Unauthenticated => ("/login", "Sign in"),
        _ => ("/", "Go to the start page"),
    });
    let (way_back, label) = (way_back.to_owned(), label.to_owned());
    owner.with(|| view! { <ErrorDocument kind detail reference css way_back label /> }.to_html())
}

#[component]
fn ErrorDocument(
    kind: ErrorKind,
    detail: String,
    reference: String,
    css: String,
    way_back: String,
    label: String,
) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{format!("{} · Waymark", kind.title())}</title>
                <link rel="stylesheet" href=css />
            </head>
            <body>
                <main class="mx-auto max-w-prose px-4 py-16">
                    <p class="text-sm text-ink-3">{kind.status()}</p>
                    <h1 class="mt-1 text-title font-[650] tracking-[-.018em]">{kind.title()}</h1>
                    <p class="mt-2 text-ink-2">{detail}</p>
                    <p class="mt-6">
                        <a class="underline" href=way_back>{label}</a>
                    </p>
                    <p class="mt-8 text-sm text-ink-3">"Reference " <code>{reference}</code></p>
                </main>
            </body>
        </html>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_happened_and_leads_back_without_trusting_its_text() {
        let html = page(ErrorKind::NotFound, "<script>alert(1)</script>", "ref-1", "/pkg/a.css", None);
        assert!(html.contains("There is nothing here that you can see"), "{html}");
        assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"));
        assert!(html.contains("href=\"/\"") && html.contains("ref-1"));
        assert!(page(ErrorKind::Unauthenticated, "", "", "", None).contains("href=\"/login\""));
        let elsewhere = page(ErrorKind::Conflict, "", "", "", Some(("/plans/1", "Look at the plan")));
        assert!(elsewhere.contains("href=\"/plans/1\"") && elsewhere.contains("Look at the plan"));
    }
}
