//! What a schema is called, and what is said of it in one line.

use super::document::{is_true, items, name_of, reference, said, text};
use crate::golden_paths::{Node, NodeKind};

/// Types within types in one name.
const MOST_WORDS: usize = 6;

/// `string (date-time)`, `Order[]`, `map of integer`, `Cat or Dog`
pub(super) fn type_name(schema: &Node) -> String {
    words(schema, MOST_WORDS)
}

fn words(schema: &Node, left: usize) -> String {
    if let Some(reference) = reference(schema) {
        return name_of(reference);
    }
    if left == 0 {
        return "…".to_owned();
    }
    let declared = match schema.get("type").map(|node| (node, &node.kind)) {
        Some((node, NodeKind::List(types))) if node.is_list() => {
            types.iter().map(said).collect::<Vec<_>>().join(" or ")
        }
        _ => text(schema, "type"),
    };
    let name = match declared.as_str() {
        "array" => match schema.get("items") {
            Some(item) => format!("{}[]", bracketed(words(item, left - 1))),
            None => "array".to_owned(),
        },
        "" | "object" => composed(schema, &declared, left - 1),
        other => other.to_owned(),
    };
    let format = text(schema, "format");
    let name = if format.is_empty() { name } else { format!("{name} ({format})") };
    if is_true(schema, "nullable") { format!("{name} or null") } else { name }
}

/// The name of what is no plain value.
fn composed(schema: &Node, declared: &str, left: usize) -> String {
    let joined = |key: &str, by: &str| {
        let names: Vec<String> = items(schema, key).iter().take(MOST_WORDS).map(|node| words(node, left)).collect();
        (!names.is_empty()).then(|| names.join(by))
    };
    let parts = joined("oneOf", " or ").or_else(|| joined("anyOf", " or ")).or_else(|| joined("allOf", " and "));
    let has_fields = schema.get("properties").is_some();
    let map = schema.get("additionalProperties").filter(|node| node.is_map() && !has_fields);
    match (parts, map) {
        (Some(parts), _) => parts,
        (None, Some(value)) => format!("map of {}", words(value, left)),
        _ if declared == "object" || has_fields => "object".to_owned(),
        _ if schema.get("enum").is_some() => "enum".to_owned(),
        _ => "any".to_owned(),
    }
}

fn bracketed(name: String) -> String {
    if name.contains(' ') && !name.ends_with(')') { format!("({name})") } else { name }
}

/// What a schema says of itself, with what limits a value.
pub(super) fn described(schema: &Node) -> String {
    let mut description = text(schema, "description");
    if description.is_empty() {
        description = text(schema, "title");
    }
    join(&mut description, &details(schema));
    description
}

/// What limits a value.
pub(super) fn details(schema: &Node) -> String {
    let mut told = Vec::new();
    let values: Vec<String> =
        items(schema, "enum").iter().take(20).map(said).filter(|value| !value.is_empty()).collect();
    if !values.is_empty() {
        let more = if items(schema, "enum").len() > values.len() { ", …" } else { "" };
        told.push(format!("One of: {}{more}.", values.join(", ")));
    }
    for (key, words) in [("default", "Default"), ("const", "Always"), ("example", "Example"), ("pattern", "Pattern")] {
        let value = text(schema, key);
        if !value.is_empty() {
            told.push(format!("{words}: {value}"));
        }
    }
    told.join(" ")
}

/// Two texts with a space between them.
pub(super) fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}
