//! One parameter as the field that fits it.

use backend::golden_paths::EntityChoice;
use domain::golden_paths::form::{ChoiceOption, Field, FieldKind};
use leptos::prelude::*;

use super::data::Wizard;
use crate::components::{
    Checkbox, CheckboxGroup, Choice, FieldText, InputKind, Note, RadioGroup, SelectField, TextAreaField, TextField,
    Tone,
};

pub(super) fn draw(field: &Field, wizard: &Wizard) -> AnyView {
    let text = words(field, wizard.error(&field.name));
    let value = wizard.typed.get(&field.name).unwrap_or_default().to_owned();
    let is_focused = field.is_focused && wizard.problems().is_empty();
    match &field.kind {
        FieldKind::Text => view! { <TextField text=text value=value is_focused=is_focused /> }.into_any(),
        FieldKind::Number { .. } => {
            view! { <TextField text=text value=value kind=InputKind::Number is_focused=is_focused /> }.into_any()
        }
        FieldKind::TextArea => view! { <TextAreaField text=text value=value /> }.into_any(),
        FieldKind::Lines => view! { <TextAreaField text=text value=value rows=3 /> }.into_any(),
        FieldKind::Json => view! { <TextAreaField text=text value=value is_code=true rows=6 /> }.into_any(),
        FieldKind::Choice { options, is_open: true } => {
            view! { <RadioGroup text=text value=value choices=choices(options) /> }.into_any()
        }
        FieldKind::Choice { options, is_open: false } => select(field, text, choices(options), value),
        FieldKind::Choices { options } => {
            let values = wizard.typed.all(&field.name).map(str::to_owned).collect();
            view! { <CheckboxGroup text=text values=values choices=choices(options) /> }.into_any()
        }
        FieldKind::Checkbox => view! { <Checkbox text=text checked=value == "true" /> }.into_any(),
        FieldKind::Owner => select(field, text, entities(&wizard.owners, &["group".to_owned()]), value),
        FieldKind::Entity { kinds, is_free: false } => select(field, text, entities(&wizard.entities, kinds), value),
        FieldKind::Entity { kinds, is_free: true } => {
            let suggestions = entities(&wizard.entities, kinds);
            view! { <TextField text=text value=value suggestions=suggestions is_focused=is_focused /> }.into_any()
        }
        FieldKind::Withheld => withheld(field),
    }
}

fn words(field: &Field, error: Option<String>) -> FieldText {
    let how = match field.kind {
        FieldKind::Lines => Some("One on each line."),
        FieldKind::Json => Some("Written as JSON."),
        _ => None,
    };
    let when = field.is_conditional.then_some("It counts only with some of the other answers.");
    let parts: Vec<&str> = [field.help.as_deref(), how, when].into_iter().flatten().collect();
    let mut text = FieldText::new(field.name.clone(), field.label.clone()).error(error);
    if !parts.is_empty() {
        text = text.hint(parts.join(" "));
    }
    if field.is_required || !can_be_empty(field) { text.required() } else { text }
}

/// Whoever empties a field with a default is asked for something.
fn can_be_empty(field: &Field) -> bool {
    field.kind == FieldKind::Checkbox || field.default.as_ref().is_none_or(|default| default == "")
}

fn choices(options: &[ChoiceOption]) -> Vec<Choice> {
    options.iter().map(|option| Choice::new(option.sent(), option.label.clone())).collect()
}

fn entities(known: &[EntityChoice], kinds: &[String]) -> Vec<Choice> {
    let fits = |entity: &&EntityChoice| kinds.is_empty() || kinds.contains(&entity.kind);
    let choice = |entity: &EntityChoice| {
        let (_, name) = entity.reference.rsplit_once('/').unwrap_or_default();
        let label = if entity.title == name { name.to_owned() } else { format!("{} ({name})", entity.title) };
        Choice::new(entity.reference.clone(), label)
    };
    known.iter().filter(fits).map(choice).collect()
}

/// What was typed stays, also when it is none of the choices.
fn select(field: &Field, text: FieldText, mut choices: Vec<Choice>, value: String) -> AnyView {
    let is_known = |value: &str, choices: &[Choice]| choices.iter().any(|choice| choice.value == value);
    let takes_none = can_be_empty(field) && !field.is_required;
    if (value.is_empty() || takes_none) && !is_known("", &choices) {
        let label = if field.is_required { "Choose one" } else { "None" };
        choices.insert(0, Choice::new("", label));
    }
    if !is_known(&value, &choices) {
        choices.push(Choice::new(value.clone(), value.clone()));
    }
    view! { <SelectField text=text choices=choices value=value /> }.into_any()
}

fn withheld(field: &Field) -> AnyView {
    let title = format!("{} is a secret", field.label);
    view! {
        <div class="mb-4 max-w-form last:mb-0">
            <Note tone=Tone::Info title=title>
                "Secrets are not typed here, because drafts and plans are kept. Put it into the namespaces afterwards, as the README of the service says."
            </Note>
        </div>
    }
    .into_any()
}
