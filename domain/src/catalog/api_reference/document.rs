//! A definition in YAML or JSON, and the references within it.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use super::{MOST_ROWS_IN_ALL, Unreadable, place};
use crate::{
    error::pointer_keys,
    golden_paths::{Node, NodeKind, Place},
    yaml,
};

pub(super) struct Document {
    root: Node,
    /// Where references lead, as the steps from the root.
    known: RefCell<HashMap<String, Option<Vec<usize>>>>,
    /// How many rows may still be written.
    pub(super) rows_left: Cell<usize>,
}

/// A reference that leads to another, and so on: longer ways are circles.
const MOST_STEPS: usize = 16;

impl Document {
    /// JSON is YAML but for a few escapes.
    pub(super) fn read(text: &str) -> Result<Self, Unreadable> {
        if let [_, second, ..] = yaml::documents(text).as_slice() {
            let message = "another document begins here, and a definition is one".to_owned();
            return Err(Unreadable::Syntax { place: Place { line: second.line, column: 1 }, message });
        }
        let root = match yaml::read_long(text) {
            Ok(root) => root,
            Err(fault) if text.trim_start().starts_with('{') => match serde_json::from_str(text) {
                Ok(value) => Node::from_value(&value, Place::START),
                Err(error) if error.line() > 0 => {
                    let at = text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum::<usize>();
                    let place = place(text, at + error.column().saturating_sub(1));
                    let message = error.to_string();
                    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
                    return Err(Unreadable::Syntax { place, message });
                }
                Err(_) => return Err(Unreadable::Syntax { place: fault.place, message: fault.message }),
            },
            Err(fault) => return Err(Unreadable::Syntax { place: fault.place, message: fault.message }),
        };
        if !root.is_map() {
            return Err(Unreadable::Version { found: String::new() });
        }
        Ok(Self { root, known: RefCell::default(), rows_left: Cell::new(MOST_ROWS_IN_ALL) })
    }

    /// Makes room for the rows of types, whatever those of bodies took.
    pub(super) fn begin_types(&self) {
        self.rows_left.set(MOST_ROWS_IN_ALL);
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// What a node says once its references are followed; a reference that leads nowhere stands for itself.
    pub(super) fn resolved<'a>(&'a self, node: &'a Node) -> &'a Node {
        let mut at = node;
        for _ in 0..MOST_STEPS {
            match reference(at).and_then(|reference| self.find(reference)) {
                Some(next) => at = next,
                None => return at,
            }
        }
        node
    }

    fn find(&self, reference: &str) -> Option<&Node> {
        let mut known = self.known.borrow_mut();
        let steps = match known.get(reference) {
            Some(steps) => steps,
            None => known.entry(reference.to_owned()).or_insert_with(|| self.steps(reference)),
        };
        steps.as_ref()?.iter().try_fold(&self.root, |at, step| child(at, *step))
    }

    fn steps(&self, reference: &str) -> Option<Vec<usize>> {
        let path = reference.strip_prefix('#')?;
        let (mut at, mut steps) = (&self.root, Vec::new());
        for key in pointer_keys(path) {
            let place = |key: &str| at.entries().iter().position(|entry| entry.key == key);
            let step =
                if at.is_list() { key.parse().ok()? } else { place(&key).or_else(|| place(&unescaped(&key)))? };
            steps.push(step);
            at = child(at, step)?;
        }
        Some(steps)
    }
}

fn child(node: &Node, step: usize) -> Option<&Node> {
    node.entries().get(step).map(|entry| &entry.value).or_else(|| node.items().get(step))
}

/// Where a node refers to.
pub(super) fn reference(node: &Node) -> Option<&str> {
    node.get("$ref")?.text()
}

/// The last part of a reference, which names what it leads to.
pub(super) fn name_of(reference: &str) -> String {
    let last = pointer_keys(reference).last().unwrap_or_else(|| reference.to_owned());
    if reference.starts_with('#') { unescaped(&last) } else { reference.to_owned() }
}

/// A text, or what is written like one: versions and statuses often lack their quotes.
pub(super) fn text(node: &Node, key: &str) -> String {
    node.get(key).map(said).unwrap_or_default()
}

pub(super) fn said(node: &Node) -> String {
    match &node.kind {
        NodeKind::Text(text) => text.clone(),
        NodeKind::Number(number) => number.to_string(),
        NodeKind::Bool(flag) => flag.to_string(),
        NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => String::new(),
    }
}

pub(super) fn is_true(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|node| node.kind == NodeKind::Bool(true))
}

/// The entries below a key, in their order.
pub(super) fn entries<'a>(node: &'a Node, key: &str) -> impl Iterator<Item = (&'a str, &'a Node)> {
    let entries = node.get(key).map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| (entry.key.as_str(), &entry.value))
}

pub(super) fn items<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).map(Node::items).unwrap_or_default()
}

/// The percent escapes that people write into the fragment of a reference (RFC 6901, section 6).
fn unescaped(text: &str) -> String {
    let escapes = [("%7B", "{"), ("%7D", "}"), ("%20", " "), ("%25", "%")];
    escapes.into_iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}
