//! Filters of a list. They are sent with GET, so the address says what is shown.

use leptos::prelude::*;

use super::{
    Button, Choice, SafeHref, TextLink,
    field::{BOX, field_id},
    inputs::options,
};

/// A row of filters with one button; the children are [`FilterText`] and [`FilterSelect`].
#[component]
pub fn FilterForm(
    /// The list's own address.
    #[prop(into)]
    action: SafeHref,
    /// Offers to take all filters away.
    #[prop(optional)]
    is_filtered: bool,
    children: Children,
) -> impl IntoView {
    let reset = action.clone();
    view! {
        <form method="get" action=action.as_str().to_owned() class="mb-4 flex flex-wrap items-end gap-x-3 gap-y-2 print:hidden">
            {children()}
            <Button>"Apply"</Button>
            {is_filtered
                .then(|| {
                    view! {
                        <span class="flex min-h-[34px] items-center text-md">
                            <TextLink href=reset>"Clear filters"</TextLink>
                        </span>
                    }
                })}
        </form>
    }.into_any()
}

/// Filters by words.
#[component]
pub fn FilterText(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
) -> impl IntoView {
    let id = field_id(&name);
    view! {
        <div class="flex min-w-40 flex-1 flex-col gap-1 md:max-w-72">
            <label for=id.clone() class="text-sm text-ink-2">
                {label}
            </label>
            <input type="search" id=id name=name value=value autocomplete="off" class=BOX />
        </div>
    }
    .into_any()
}

/// Filters by one of few values. The first choice should be the one that filters nothing, with an empty value.
#[component]
pub fn FilterSelect(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: String,
) -> impl IntoView {
    let id = field_id(&name);
    view! {
        <div class="flex min-w-36 flex-col gap-1">
            <label for=id.clone() class="text-sm text-ink-2">
                {label}
            </label>
            <select id=id name=name class=BOX>
                {options(choices, &value)}
            </select>
        </div>
    }
    .into_any()
}
