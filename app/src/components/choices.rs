//! Boxes to tick and one-of-few choices.

use leptos::prelude::*;

use super::{
    Choice,
    field::{FieldText, field_id},
};

const LINE: &str = "flex min-h-[34px] items-start gap-2.5 py-1.5 text-md pointer-coarse:min-h-11 pointer-coarse:py-3";
const MARK: &str = "mt-[3px] size-4 shrink-0";

/// Yes or no. An unticked box sends nothing; the form's reader takes that as no.
#[component]
pub fn Checkbox(
    text: FieldText,
    #[prop(optional)] checked: bool,
    /// What a ticked box sends.
    #[prop(default = "true".to_owned(), into)]
    value: String,
) -> impl IntoView {
    view! {
        <div class="mb-2 max-w-form last:mb-0">
            {text.error_view()}
            <label class=LINE>
                <input
                    type="checkbox"
                    id=text.id()
                    name=text.name()
                    value=value
                    checked=checked
                    required=text.is_required()
                    aria-describedby=text.described_by()
                    aria-invalid=text.invalid()
                    class=MARK
                />
                <span>{text.label()}</span>
            </label>
            <div class="pl-6.5">{text.hint_view()}</div>
        </div>
    }
    .into_any()
}

/// Any number of few, all in sight. Each ticked box sends the name once more.
#[component]
pub fn CheckboxGroup(
    text: FieldText,
    choices: Vec<Choice>,
    /// The values of the boxes that are ticked.
    #[prop(optional)]
    values: Vec<String>,
) -> impl IntoView {
    let boxes = choices.into_iter().enumerate().map({
        let text = text.clone();
        move |(index, choice)| {
            let id = if index == 0 { text.id() } else { field_id(&format!("{} {index}", text.name())) };
            let checked = values.contains(&choice.value);
            view! {
                <label class=LINE>
                    <input
                        type="checkbox"
                        id=id
                        name=text.name()
                        value=choice.value
                        checked=checked
                        aria-invalid=text.invalid()
                        class=MARK
                    />
                    <span>{choice.label}</span>
                </label>
            }
        }
    });
    view! {
        <fieldset class="mb-4 max-w-form last:mb-0" aria-describedby=text.described_by()>
            <legend class="mb-1 text-md font-[560]">{text.label()}</legend>
            {text.hint_view()}
            {text.error_view()}
            {boxes.collect_view()}
        </fieldset>
    }
    .into_any()
}

/// One of few, all in sight.
#[component]
pub fn RadioGroup(
    text: FieldText,
    choices: Vec<Choice>,
    /// The value of the choice that is made.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    let radios = choices.into_iter().enumerate().map({
        let text = text.clone();
        move |(index, choice)| {
            // The error summary links to the field's own id: the first choice bears it.
            let id = if index == 0 { text.id() } else { field_id(&format!("{} {index}", text.name())) };
            let checked = choice.value == value;
            view! { <Radio text=text.clone() id=id choice=choice checked=checked /> }
        }
    });
    view! {
        <fieldset class="mb-4 max-w-form last:mb-0" aria-describedby=text.described_by()>
            <legend class="mb-1 text-md font-[560]">{text.label()}</legend>
            {text.hint_view()}
            {text.error_view()}
            {radios.collect_view()}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Radio(text: FieldText, id: String, choice: Choice, checked: bool) -> impl IntoView {
    let hint_id = format!("{id}-about");
    view! {
        <label class=LINE>
            <input
                type="radio"
                id=id
                name=text.name()
                value=choice.value
                checked=checked
                required=text.is_required()
                aria-describedby=choice.hint.as_ref().map(|_| hint_id.clone())
                aria-invalid=text.invalid()
                class=MARK
            />
            <span>
                {choice.label}
                {choice.hint.map(|hint| view! { <span id=hint_id class="block text-sm text-ink-2">{hint}</span> })}
            </span>
        </label>
    }
    .into_any()
}
