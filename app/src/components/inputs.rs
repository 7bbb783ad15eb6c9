//! Boxes to type into and lists to choose from.

use leptos::prelude::*;

use super::{
    field::{BOX, FieldFrame, FieldText},
    raw_text::escape_raw_text,
};

/// What a one-line input takes; browsers choose the keyboard by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    #[default]
    Text,
    /// Whole numbers. Not `type=number`: its wheel changes values unasked.
    Number,
    Search,
    Email,
    Url,
    Date,
}

impl InputKind {
    /// The `type` and `inputmode` attributes.
    fn attributes(self) -> (&'static str, Option<&'static str>) {
        match self {
            InputKind::Text => ("text", None),
            InputKind::Number => ("text", Some("numeric")),
            InputKind::Search => ("search", None),
            InputKind::Email => ("email", None),
            InputKind::Url => ("url", None),
            InputKind::Date => ("date", None),
        }
    }
}

/// One line of text.
#[component]
pub fn TextField(
    text: FieldText,
    #[prop(optional)] kind: InputKind,
    /// What was typed before, kept when the form comes back.
    #[prop(optional, into)]
    value: String,
    #[prop(default = "off")] autocomplete: &'static str,
    /// Offered while typing; anything else can be typed too.
    #[prop(optional)]
    suggestions: Vec<Choice>,
    /// Typing begins here. One field of a page at most.
    #[prop(optional)]
    is_focused: bool,
) -> impl IntoView {
    let (kind, mode) = kind.attributes();
    let list = (!suggestions.is_empty()).then(|| format!("{}-list", text.id()));
    let option = |Choice { value, label, .. }: Choice| view! { <option value=value>{label}</option> };
    let offered = list.clone().map(|id| {
        view! { <datalist id=id>{suggestions.into_iter().map(option).collect_view()}</datalist> }
    });
    view! {
        <FieldFrame text=text.clone()>
            <input
                list=list
                autofocus=is_focused
                type=kind
                inputmode=mode
                id=text.id()
                name=text.name()
                value=value
                required=text.is_required()
                autocomplete=autocomplete
                aria-describedby=text.described_by()
                aria-invalid=text.invalid()
                class=BOX
            />
            {offered}
        </FieldFrame>
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn TextAreaField(
    text: FieldText,
    #[prop(optional, into)] value: String,
    #[prop(default = 4)] rows: u32,
    /// For code: a fixed-width face and no spelling marks.
    #[prop(optional)]
    is_code: bool,
) -> impl IntoView {
    let class = if is_code { format!("{BOX} py-2 font-mono text-sm") } else { format!("{BOX} py-2") };
    // HTML drops the first line end in a textarea, so one of ours goes ahead of a text that begins with its own.
    let content = format!("\n{}", escape_raw_text(&value));
    view! {
        <FieldFrame text=text.clone()>
            <textarea
                id=text.id()
                name=text.name()
                rows=rows.to_string()
                required=text.is_required()
                spellcheck=is_code.then_some("false")
                aria-describedby=text.described_by()
                aria-invalid=text.invalid()
                class=class
            >
                {content}
            </textarea>
        </FieldFrame>
    }
    .into_any()
}

/// One of the things that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// What choosing it means; lists without room for it leave it out.
    pub hint: Option<String>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What a list that opens holds, with the choice that is made.
pub(super) fn options(choices: Vec<Choice>, value: &str) -> Vec<AnyView> {
    let option = |choice: Choice| {
        let selected = choice.value == value;
        view! {
            <option value=choice.value selected=selected>
                {choice.label}
            </option>
        }
        .into_any()
    };
    choices.into_iter().map(option).collect()
}

/// One of many, in a list that opens.
#[component]
pub fn SelectField(
    text: FieldText,
    choices: Vec<Choice>,
    /// The value of the choice that is made.
    #[prop(optional, into)]
    value: String,
) -> impl IntoView {
    view! {
        <FieldFrame text=text.clone()>
            <select
                id=text.id()
                name=text.name()
                required=text.is_required()
                aria-describedby=text.described_by()
                aria-invalid=text.invalid()
                class=BOX
            >
                {options(choices, &value)}
            </select>
        </FieldFrame>
    }
    .into_any()
}
