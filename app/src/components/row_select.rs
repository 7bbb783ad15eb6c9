//! A list to choose from where there is no room for its name, such as in a row of a table.

use leptos::prelude::*;

use super::{Choice, field::BOX, inputs::options};

/// One of many. Its name is read to those who do not see the row.
#[component]
pub fn RowSelect(
    #[prop(into)] name: String,
    /// What is chosen, with what it is chosen for.
    #[prop(into)]
    label: String,
    choices: Vec<Choice>,
    /// The value of the choice that is made.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    view! {
        <select name=name aria-label=label class=BOX required=true>
            {options(choices, &value)}
        </select>
    }
    .into_any()
}
