//! JSON Schema as rows: one for each property, indented as far as it is nested.

use super::{
    Body, Row, TypeReference,
    document::{Document, is_true, items, reference, text},
    words::{described, details, join, type_name},
};
use crate::golden_paths::Node;

/// Deeper properties are read in the type that they belong to.
const MOST_DEPTH: usize = 6;
const MOST_ROWS: usize = 200;
/// References and parts that are looked at for one set of rows.
const MOST_STEPS: usize = 500;

pub(super) fn body(document: &Document, name: &str, description: String, schema: Option<&Node>) -> Body {
    let Some(schema) = schema else { return Body { name: name.to_owned(), description, ..Body::default() } };
    let (rows, is_cut) = Rows::of(document, schema, true);
    Body { name: name.to_owned(), type_name: type_name(schema), description, rows, is_cut }
}

/// A schema with a name of its own. What other such schemas consist of is said there.
pub(super) fn named(document: &Document, name: &str, schema: &Node) -> TypeReference {
    let (rows, is_cut) = Rows::of(document, schema, false);
    let (kind, description) = (type_name(schema), described(document.resolved(schema)));
    TypeReference { name: name.to_owned(), kind, description, rows, is_cut }
}

/// A parameter. Its type may stand in a schema or beside its name.
pub(super) fn parameter(document: &Document, node: &Node) -> Row {
    let schema = node.get("schema").unwrap_or(node);
    let content = || node.get("content").and_then(|content| content.entries().first()?.value.get("schema"));
    let schema = if node.get("schema").is_none() { content().unwrap_or(schema) } else { schema };
    let mut description = text(node, "description");
    let details = details(document.resolved(schema));
    join(&mut description, &details);
    Row {
        depth: 0,
        name: text(node, "name"),
        place: text(node, "in"),
        type_name: type_name(schema),
        is_required: is_true(node, "required"),
        is_deprecated: is_true(node, "deprecated"),
        description,
    }
}

struct Rows<'a> {
    document: &'a Document,
    /// Whether properties show what is in the schemas that they refer to.
    follows: bool,
    rows: Vec<Row>,
    is_cut: bool,
    steps: usize,
    /// The references on the way here: one that comes again is a circle, and its name says enough.
    open: Vec<&'a str>,
}

impl<'a> Rows<'a> {
    fn of(document: &'a Document, schema: &'a Node, follows: bool) -> (Vec<Row>, bool) {
        let mut rows = Self { document, follows, rows: Vec::new(), is_cut: false, steps: 0, open: Vec::new() };
        rows.below(schema, 0);
        (rows.rows, rows.is_cut)
    }

    fn add(&mut self, name: &str, schema: &'a Node, is_required: bool, depth: usize) {
        let left = self.document.rows_left.get();
        if self.rows.len() == MOST_ROWS || left == 0 {
            self.is_cut = true;
            return;
        }
        self.document.rows_left.set(left - 1);
        let target = self.document.resolved(schema);
        self.rows.push(Row {
            depth,
            name: name.to_owned(),
            place: String::new(),
            type_name: type_name(schema),
            is_required,
            is_deprecated: is_true(target, "deprecated"),
            description: described(target),
        });
        self.below(schema, depth + 1);
    }

    /// What a schema consists of.
    fn below(&mut self, schema: &'a Node, depth: usize) {
        self.steps += 1;
        let reference = reference(schema);
        let is_told = |reference| self.open.contains(&reference) || !self.follows && depth > 0;
        if reference.is_some_and(is_told) {
            return;
        }
        let target = self.document.resolved(schema);
        if self.steps > MOST_STEPS || depth > MOST_DEPTH || self.open.len() > MOST_DEPTH * 4 {
            self.is_cut |=
                ["properties", "items", "allOf", "oneOf", "anyOf"].into_iter().any(|key| target.get(key).is_some());
            return;
        }
        self.open.extend(reference);
        self.parts(target, depth);
        self.open.truncate(self.open.len() - usize::from(reference.is_some()));
    }

    fn parts(&mut self, schema: &'a Node, depth: usize) {
        let required: Vec<&str> = items(schema, "required").iter().filter_map(Node::text).collect();
        for part in items(schema, "allOf") {
            self.below(part, depth);
        }
        for entry in schema.get("properties").map(Node::entries).unwrap_or_default() {
            self.add(&entry.key, &entry.value, required.contains(&entry.key.as_str()), depth);
        }
        // An array of objects shows the fields of one.
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get(key).filter(|node| node.is_map()) {
                self.below(inner, depth);
            }
        }
        for key in ["oneOf", "anyOf"] {
            for (at, variant) in items(schema, key).iter().enumerate() {
                if self.document.resolved(variant).get("properties").is_some() {
                    self.add(&format!("option {}", at + 1), variant, false, depth);
                }
            }
        }
    }
}
