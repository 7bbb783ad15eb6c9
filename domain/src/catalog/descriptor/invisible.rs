//! Characters that people do not see: one that no database keeps, and those that turn the order of a text around.

use super::Finding;
use crate::golden_paths::{Node, NodeKind, Place};

/// Everything below a node, keys included.
pub(super) fn check(node: &Node, findings: &mut Vec<Finding>) {
    match &node.kind {
        NodeKind::Text(text) => judge(text, node.place, findings),
        NodeKind::List(items) => items.iter().for_each(|item| check(item, findings)),
        NodeKind::Map(entries) => {
            for entry in entries {
                judge(&entry.key, entry.place, findings);
                check(&entry.value, findings);
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => {}
    }
}

fn judge(text: &str, place: Place, findings: &mut Vec<Finding>) {
    if text.contains('\0') {
        findings.push(Finding::error(place, "nul", "This text holds the character NUL. Take it out."));
    }
    if let Some(found) = text.chars().find(|c| turns_around(*c)) {
        let message = format!(
            "This text holds an invisible character (U+{:04X}) that shows the rest in another order than it is read. \
             Take it out unless you need it.",
            u32::from(found)
        );
        findings.push(Finding::warning(place, "bidi", message));
    }
}

/// Embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9).
fn turns_around(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
