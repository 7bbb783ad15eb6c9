//! The expressions in a part of the document: found, sent to the renderer, and put back in their places.

use domain::golden_paths::{Node, NodeKind, Place, TEMPLATE_FILE};
use serde_json::{Map, Value};

use super::notes::Notes;
use crate::renderer::{Job, Mode, Options, Outcome, Output};

/// What the engine would leave as it is need not go there.
pub(super) fn has_expression(text: &str, options: Options) -> bool {
    let variable = if options.cookiecutter { "{{" } else { "${{" };
    [variable, "{%", "{#"].iter().any(|mark| text.contains(mark))
}

/// One job for each text with an expression, in the order of the document.
pub(super) fn jobs(node: &Node, context: usize) -> impl Iterator<Item = Job> {
    let texts = expressions(node).into_iter();
    texts.map(move |(text, _)| Job { source: text.into(), mode: Mode::Value, context, options: Options::default() })
}

/// The texts with expressions and their places, in the order of the document.
pub(super) fn expressions(node: &Node) -> Vec<(&str, Place)> {
    let mut texts = node.texts();
    texts.retain(|(text, _)| has_expression(text, Options::default()));
    texts
}

/// The outcomes for the jobs of this node, taken from the front, with what is to be said about them.
pub(super) fn values(
    node: &Node,
    outcomes: &mut impl Iterator<Item = Outcome>,
    notes: &mut Notes,
) -> Vec<Option<Value>> {
    let mut found = Vec::new();
    for ((_, place), outcome) in expressions(node).into_iter().zip(outcomes) {
        for missing in &outcome.missing {
            notes.missing(TEMPLATE_FILE, place, missing);
        }
        found.push(match outcome.result {
            Ok(Output::Value(value)) => value,
            Ok(_) => None,
            Err(fault) => {
                notes.fault(TEMPLATE_FILE, place, &fault);
                None
            }
        });
    }
    found
}

/// The node as a value, each expression replaced. `None` is undefined: a map leaves the key out, a list holds null.
/// The empty text is undefined too, as in Backstage.
pub(super) fn resolve(node: &Node, values: &mut impl Iterator<Item = Option<Value>>) -> Option<Value> {
    match &node.kind {
        NodeKind::Text(text) if has_expression(text, Options::default()) => values.next().flatten(),
        NodeKind::Text(text) if text.is_empty() => None,
        NodeKind::List(items) => Some(items.iter().map(|item| resolve(item, values).unwrap_or_default()).collect()),
        NodeKind::Map(entries) => {
            let pairs = entries.iter().filter_map(|entry| Some((entry.key.clone(), resolve(&entry.value, values)?)));
            Some(Value::Object(pairs.collect::<Map<_, _>>()))
        }
        _ => Some(node.to_value()),
    }
}
