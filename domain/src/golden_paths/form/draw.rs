//! From the pages of a template to its form.

use super::{Field, FieldKind, Form, FormPage, kind};
use crate::golden_paths::{Node, NodeKind, Page, Template};

impl Form {
    /// A parameter that several pages name is asked for once, where it comes first.
    pub fn of(template: &Template) -> Self {
        let mut known = Vec::new();
        Self { pages: template.pages.iter().map(|page| draw(page, &mut known)).collect() }
    }
}

fn draw(page: &Page, known: &mut Vec<String>) -> FormPage {
    let mut fields = Vec::new();
    collect(&page.schema, false, known, &mut fields);
    order(&page.schema, &mut fields);
    FormPage { title: page.title.clone(), description: page.description.clone(), fields }
}

/// The fields of a schema, then those of its conditions.
fn collect(schema: &Node, is_conditional: bool, known: &mut Vec<String>, fields: &mut Vec<Field>) {
    let required: Vec<&str> = list(schema, "required").iter().filter_map(Node::text).collect();
    for entry in map(schema, "properties") {
        if known.contains(&entry.key) || !is_asked(&entry.value) {
            continue;
        }
        known.push(entry.key.clone());
        let is_required = !is_conditional && required.contains(&entry.key.as_str());
        fields.push(field(&entry.key, &entry.value, is_required, is_conditional));
    }
    list(schema, "allOf").iter().for_each(|part| collect(part, is_conditional, known, fields));
    let branches = ["then", "else"].into_iter().filter_map(|key| schema.get(key));
    let alternatives = ["anyOf", "oneOf"].into_iter().flat_map(|key| list(schema, key));
    let dependent = ["dependencies", "dependentSchemas"].into_iter().flat_map(|key| map(schema, key));
    for part in branches.chain(alternatives).chain(dependent.map(|entry| &entry.value)) {
        collect(part, true, known, fields);
    }
}

/// Fixed and hidden values are the path's own business.
fn is_asked(schema: &Node) -> bool {
    let is_hidden = schema.get("ui:widget").and_then(Node::text) == Some("hidden");
    schema.is_map() && !is_hidden && schema.get("const").is_none()
}

fn field(name: &str, schema: &Node, is_required: bool, is_conditional: bool) -> Field {
    let text = |key: &str| schema.get(key).and_then(Node::text).map(str::trim).filter(|text| !text.is_empty());
    let kind = kind::of(schema);
    let mut help: Vec<String> = [text("description"), text("ui:help")].into_iter().flatten().map(sentence).collect();
    if let FieldKind::Number { .. } = kind {
        help.extend(range(schema));
    }
    Field {
        name: name.to_owned(),
        label: text("title").unwrap_or(name).to_owned(),
        help: (!help.is_empty()).then(|| help.join(" ")),
        kind,
        is_required,
        is_conditional,
        is_focused: matches!(schema.get("ui:autofocus").map(|node| &node.kind), Some(NodeKind::Bool(true))),
        default: schema.get("default").map(Node::to_value),
    }
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

fn range(schema: &Node) -> Option<String> {
    let bound = |key: &str| match &schema.get(key)?.kind {
        NodeKind::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => Some(format!("From {least} to {most}.")),
        (Some(least), None) => Some(format!("At least {least}.")),
        (None, Some(most)) => Some(format!("At most {most}.")),
        (None, None) => None,
    }
}

/// `ui:order` names fields; `*` stands for all that it does not name.
fn order(schema: &Node, fields: &mut [Field]) {
    let wanted: Vec<&str> = list(schema, "ui:order").iter().filter_map(Node::text).collect();
    let rest = wanted.iter().position(|name| *name == "*").unwrap_or(wanted.len());
    fields.sort_by_key(|field| wanted.iter().position(|name| *name == field.name).unwrap_or(rest));
}

fn list<'a>(schema: &'a Node, key: &str) -> &'a [Node] {
    schema.get(key).map(Node::items).unwrap_or_default()
}

fn map<'a>(schema: &'a Node, key: &str) -> &'a [crate::golden_paths::Entry] {
    schema.get(key).map(Node::entries).unwrap_or_default()
}
