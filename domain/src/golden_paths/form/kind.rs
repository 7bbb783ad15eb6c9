//! Which field a schema is filled in with. What is not known falls back to the field of its type.

use super::{ChoiceOption, FieldKind};
use crate::golden_paths::{Node, NodeKind};

pub(super) fn of(schema: &Node) -> FieldKind {
    let text = |key: &str| schema.get(key).and_then(Node::text);
    let (field, widget) = (text("ui:field").unwrap_or_default(), text("ui:widget").unwrap_or_default());
    let options = options(schema);
    match (field, type_of(schema)) {
        ("Secret", _) => return FieldKind::Withheld,
        ("OwnerPicker", Type::Text) => return FieldKind::Owner,
        ("EntityPicker" | "OwnedEntityPicker" | "MyGroupsPicker", Type::Text) => return entity(schema, field),
        _ => {}
    }
    if widget == "password" {
        return FieldKind::Withheld;
    }
    match type_of(schema) {
        Type::Truth => FieldKind::Checkbox,
        Type::List => list(schema),
        Type::Other => FieldKind::Json,
        _ if !options.is_empty() => FieldKind::Choice { options, is_open: widget == "radio" },
        Type::Number { is_whole } => FieldKind::Number { is_whole },
        Type::Text if widget == "textarea" => FieldKind::TextArea,
        Type::Text => FieldKind::Text,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Number { is_whole: bool },
    Truth,
    List,
    Other,
}

/// As written, else guessed from the values that it takes.
fn type_of(schema: &Node) -> Type {
    let written = schema.get("type");
    let several = written.map(Node::items).unwrap_or_default().iter().find(|word| word.text() != Some("null"));
    match written.and_then(Node::text).or(several.and_then(Node::text)) {
        Some("string") => Type::Text,
        Some("integer") => Type::Number { is_whole: true },
        Some("number") => Type::Number { is_whole: false },
        Some("boolean") => Type::Truth,
        Some("array") => Type::List,
        Some(_) => Type::Other,
        None if schema.get("properties").is_some() => Type::Other,
        None if schema.get("items").is_some() => Type::List,
        None => Type::Text,
    }
}

/// `enum` with `enumNames`, or alternatives with a `const` each.
fn options(schema: &Node) -> Vec<ChoiceOption> {
    let items = |key: &str| schema.get(key).map(Node::items).unwrap_or_default();
    let names = items("enumNames");
    let named = items("enum").iter().enumerate().map(|(index, value)| (value, names.get(index)));
    let fixed = |branch: &'_ Node| branch.get("const").is_some();
    let alternatives = ["oneOf", "anyOf"].into_iter().map(items).find(|parts| parts.iter().any(fixed));
    let branches = alternatives.unwrap_or_default().iter();
    let branches = branches.filter_map(|branch| Some((branch.get("const")?, branch.get("title"))));
    let option = |(value, label): (&Node, Option<&Node>)| {
        let value = value.to_value();
        let label = label.and_then(Node::text).map(str::to_owned);
        ChoiceOption { label: label.unwrap_or_else(|| super::typed::text_of(&value)), value }
    };
    named.chain(branches).map(option).collect()
}

fn list(schema: &Node) -> FieldKind {
    let Some(items) = schema.get("items") else { return FieldKind::Json };
    let options = options(items);
    match type_of(items) {
        Type::Text | Type::Number { .. } if !options.is_empty() => FieldKind::Choices { options },
        Type::Text => FieldKind::Lines,
        _ => FieldKind::Json,
    }
}

fn entity(schema: &Node, field: &str) -> FieldKind {
    let of = |key: &str| schema.get("ui:options").and_then(|options| options.get(key));
    let filters: Vec<&Node> = match of("catalogFilter") {
        Some(filter) if filter.is_list() => filter.items().iter().collect(),
        other => other.into_iter().collect(),
    };
    let mut kinds: Vec<String> = filters.into_iter().filter_map(|filter| filter.get("kind")).flat_map(texts).collect();
    kinds.extend(of("allowedKinds").into_iter().flat_map(texts));
    if kinds.is_empty() && field == "MyGroupsPicker" {
        kinds.push("group".to_owned());
    }
    let is_free = !matches!(of("allowArbitraryValues").map(|node| &node.kind), Some(NodeKind::Bool(false)));
    FieldKind::Entity { kinds, is_free }
}

/// One text or a list of them, in lower case as references are.
fn texts(node: &Node) -> Vec<String> {
    let all = node.text().into_iter().chain(node.items().iter().filter_map(Node::text));
    all.map(str::to_lowercase).collect()
}
