//! Parts of an entity that stand in another file: `$text`, `$json` and `$yaml`. As in Backstage, what is put in their
//! place is not looked through for more of them, and maps with any other `$key` are left as they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Finding;
use crate::{
    golden_paths::{Entry, Node, NodeKind, Place},
    yaml::documents,
};

/// A file that a document asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// As the document calls it.
    pub target: String,
    pub place: Place,
}

/// What became of a file that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    Text(String),
    /// It is not in the same repository; nobody asked for it there.
    Outside,
    Missing,
    /// A symbolic link, which is not followed.
    Link,
    /// More than is read of one file, or of all together.
    TooLarge,
    /// Not UTF-8.
    NotText,
}

/// By what a descriptor calls them.
pub type Others = BTreeMap<String, Other>;

/// What is read out of the other file.
const KEYS: [&str; 3] = ["$text", "$json", "$yaml"];
/// Few entities ask for more than their definition.
pub(super) const MOST_ASKED: usize = 100;

/// A map with one of the three keys and nothing else.
pub(super) fn is_placeholder(node: &Node) -> bool {
    matches!(node.entries(), [entry] if KEYS.contains(&entry.key.as_str()))
}

/// Every placeholder below a node names a file.
pub(super) fn check(node: &Node, findings: &mut Vec<Finding>) {
    if is_placeholder(node) {
        for entry in node.entries().iter().filter(|entry| entry.value.text().is_none_or(|text| text.trim().is_empty()))
        {
            let message = format!("Write the file after `{}:`, such as ./openapi.yaml.", entry.key);
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

/// The files that a document asks for, in its order.
pub(super) fn asked(node: &Node, found: &mut Vec<Asked>) {
    if is_placeholder(node) {
        let named = node.entries().iter().filter_map(|entry| Some((entry.value.text()?.trim(), entry.value.place)));
        let named = named.filter(|(target, _)| !target.is_empty());
        found.extend(named.map(|(target, place)| Asked { target: target.to_owned(), place }));
        return;
    }
    match &node.kind {
        NodeKind::List(items) => items.iter().for_each(|item| asked(item, found)),
        NodeKind::Map(entries) if !is_of_others(entries) => entries.iter().for_each(|entry| asked(&entry.value, found)),
        _ => {}
    }
}

/// Puts what was read in the place of what asked for it. What was never looked for stays as it is.
pub(super) fn resolve(node: &mut Node, others: &Others, findings: &mut Vec<Finding>) {
    if is_placeholder(node) {
        let found = node.entries().first().and_then(|entry| {
            let target = entry.value.text()?.trim();
            Some(read(&entry.key, target, entry.value.place, others.get(target)?))
        });
        match found {
            Some(Ok(kind)) => node.kind = kind,
            Some(Err(finding)) => findings.push(finding),
            None => {}
        }
        return;
    }
    match &mut node.kind {
        NodeKind::List(items) => items.iter_mut().for_each(|item| resolve(item, others, findings)),
        NodeKind::Map(entries) if !is_of_others(entries) => {
            entries.iter_mut().for_each(|entry| resolve(&mut entry.value, others, findings));
        }
        _ => {}
    }
}

/// Keys that begin like ours and mean something to somebody else.
fn is_of_others(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| entry.key.starts_with('$'))
}

/// Everything that was read stands where it was asked for.
fn read(key: &str, target: &str, place: Place, other: &Other) -> Result<NodeKind, Finding> {
    let error = |rule: &str, message: String| Finding::error(place, rule, message);
    let text = match other {
        Other::Text(text) => text,
        Other::Outside => {
            let message =
                format!("{target} lies outside of this repository. Put the file beside this one and name it.");
            return Err(error("placeholder-outside", message));
        }
        Other::Missing => {
            let message = format!("There is no file {target}. Name one that is there, relative to this file.");
            return Err(error("placeholder-missing", message));
        }
        Other::Link => {
            let message =
                format!("{target} is a symbolic link, which is not followed. Name the file that it leads to.");
            return Err(error("placeholder-link", message));
        }
        Other::TooLarge => {
            return Err(error(
                "too-large",
                format!("{target} is larger than what is read into an entity. Shorten it."),
            ));
        }
        Other::NotText => {
            return Err(error("utf-8", format!("{target} is not UTF-8. Save the file in that encoding.")));
        }
    };
    let kind = match key {
        "$json" => json(text, place),
        "$yaml" => yaml(text, place),
        _ => Ok(NodeKind::Text(text.clone())),
    };
    kind.map_err(|why| error("placeholder", format!("{target} {why}")))
}

fn json(text: &str, place: Place) -> Result<NodeKind, String> {
    let value = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let value = value.map_err(|e| format!("is not JSON: look at its line {}, column {}.", e.line(), e.column()))?;
    Ok(Node::from_value(&value, place).kind)
}

fn yaml(text: &str, place: Place) -> Result<NodeKind, String> {
    match documents(text).as_slice() {
        [only] => {
            let node = only.read().map_err(|fault| {
                format!("is not YAML: {}, at its line {}. Mend it there.", fault.message, fault.place.line)
            })?;
            Ok(Node::from_value(&node.to_value(), place).kind)
        }
        [] => Err("is empty. Write one YAML document into it.".to_owned()),
        many => Err(format!("holds {} YAML documents. Name a file with exactly one.", many.len())),
    }
}
