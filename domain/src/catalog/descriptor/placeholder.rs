//! Parts of an entity that stand in another file: `$text`, `$json` and `$yaml`.

use super::Finding;
use crate::golden_paths::{Node, NodeKind};

/// What is read out of the other file.
const KEYS: [&str; 3] = ["$text", "$json", "$yaml"];

/// A map with one of the three keys and nothing else.
pub(super) fn is_placeholder(node: &Node) -> bool {
    matches!(node.entries(), [entry] if KEYS.contains(&entry.key.as_str()))
}

/// Every placeholder below a node names a file.
pub(super) fn check(node: &Node, findings: &mut Vec<Finding>) {
    if is_placeholder(node) {
        for entry in node.entries().iter().filter(|entry| entry.value.text().is_none_or(|text| text.trim().is_empty()))
        {
            let message =
                format!("Write the file after `{}:`, such as ./openapi.yaml, or its https address.", entry.key);
            findings.push(Finding::error(entry.value.place, "placeholder", message));
        }
        return;
    }
    match &node.kind {
        NodeKind::List(items) => items.iter().for_each(|item| check(item, findings)),
        NodeKind::Map(entries) => entries.iter().for_each(|entry| check(&entry.value, findings)),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
    }
}
