//! Keys that differ in nothing but their case: whoever searches by them would find either.

use std::collections::HashMap;

use super::Finding;
use crate::golden_paths::{Node, NodeKind};

pub(super) fn check(node: &Node, findings: &mut Vec<Finding>) {
    match &node.kind {
        NodeKind::List(items) => items.iter().for_each(|item| check(item, findings)),
        NodeKind::Map(entries) => {
            let mut seen: HashMap<String, &str> = HashMap::new();
            for entry in entries {
                if let Some(first) = seen.insert(entry.key.to_lowercase(), &entry.key) {
                    let message = format!(
                        "`{}` and `{first}` differ in nothing but their case. Take one of the two out.",
                        entry.key
                    );
                    findings.push(Finding::error(entry.place, "key-case", message));
                }
                check(&entry.value, findings);
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
    }
}
