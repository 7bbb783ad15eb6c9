//! Buttons and links that look like buttons. A button's words name the thing: "Create checkout-api".

use leptos::prelude::*;

use super::{Glyph, Icon, SafeHref};

/// How much a button asks to be pressed. A page has one primary button at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Plain,
    Danger,
}

impl ButtonKind {
    fn class(self) -> String {
        let colours = match self {
            ButtonKind::Primary => {
                "border-accent bg-accent text-accent-ink hover:border-accent-strong hover:bg-accent-strong"
            }
            ButtonKind::Plain => "border-line-strong bg-surface text-ink hover:bg-sunken",
            ButtonKind::Danger => "border-bad bg-surface text-bad hover:bg-bad-soft",
        };
        format!(
            "inline-flex min-h-[34px] items-center justify-center gap-2 rounded-sm border px-3 py-1 text-md font-[560] \
             no-underline transition-[background-color,border-color] disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken \
             disabled:text-ink-3 pointer-coarse:min-h-11 print:hidden {colours}"
        )
    }
}

/// Sends the form that it stands in.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] glyph: Option<Glyph>,
    /// With `value`, tells a form's buttons apart.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    /// The id of the form it sends, when it stands outside of it.
    #[prop(optional, into)]
    form: Option<String>,
    /// Say why beside the button.
    #[prop(optional)]
    disabled: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="submit" class=kind.class() name=name value=value form=form disabled=disabled>
            {glyph.map(|glyph| view! { <Icon glyph=glyph /> })}
            {children()}
        </button>
    }
    .into_any()
}

/// Leads to another page; changes nothing.
#[component]
pub fn LinkButton(
    #[prop(into)] href: SafeHref,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] glyph: Option<Glyph>,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href.as_str().to_owned() rel=href.rel() class=kind.class()>
            {glyph.map(|glyph| view! { <Icon glyph=glyph /> })}
            {children()}
        </a>
    }
    .into_any()
}
