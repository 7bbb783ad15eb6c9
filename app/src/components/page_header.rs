//! The top of a page: it opens with a sentence, not with a widget.

use leptos::prelude::*;
use leptos_meta::Title;

use super::SafeHref;

/// One step on the way to this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: SafeHref,
}

impl Crumb {
    pub fn new(label: impl Into<String>, href: impl Into<SafeHref>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// The line under the title: why, and what next. Each claim in it is a link to its evidence.
#[slot]
pub struct Sentence {
    children: Children,
}

/// The buttons of the page; one of them at most is primary.
#[slot]
pub struct Actions {
    children: Children,
}

/// Title, sentence and buttons. The title says the state, and is the title of the browser's tab too.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    #[prop(optional)] crumbs: Vec<Crumb>,
    #[prop(optional)] sentence: Option<Sentence>,
    #[prop(optional)] actions: Option<Actions>,
) -> impl IntoView {
    view! {
        <Title text=title.clone() />
        <header class="flex items-start gap-4 pt-5.5 pb-5 max-md:flex-col">
            <div class="min-w-0">
                {(!crumbs.is_empty()).then(|| view! { <Breadcrumb crumbs=crumbs /> })}
                <h1 class="text-title font-[650] tracking-[-.018em] wrap-anywhere">{title}</h1>
                {sentence
                    .map(|sentence| view! { <p class="mt-1.5 max-w-prose text-ink-2">{(sentence.children)()}</p> })}
            </div>
            {actions
                .map(|actions| {
                    view! {
                        <div class="flex shrink-0 flex-wrap gap-2 md:ml-auto print:hidden">{(actions.children)()}</div>
                    }
                })}
        </header>
    }
    .into_any()
}

#[component]
fn Breadcrumb(crumbs: Vec<Crumb>) -> impl IntoView {
    let step = |Crumb { label, href }: Crumb| {
        view! {
            <li class="flex min-w-0 gap-1.5 after:text-ink-3 after:content-['/'] last:after:content-none">
                <a class="truncate text-ink-2 no-underline hover:underline" href=href.as_str().to_owned()>{label}</a>
            </li>
        }
    };
    view! {
        <nav aria-label="Breadcrumb" class="mb-1 text-sm print:hidden">
            <ol class="flex flex-wrap gap-x-1.5" role="list">
                {crumbs.into_iter().map(step).collect_view()}
            </ol>
        </nav>
    }
    .into_any()
}
