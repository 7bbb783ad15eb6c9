//! Files that describe entities, `catalog-info.yaml` by custom: Backstage's descriptor format as it is shipped
//! (`@backstage/catalog-model` 1.10). What the format does not know is kept.

mod broken;
mod canonical;
mod changes;
mod entity;
mod envelope;
mod finding;
mod inside;
mod invisible;
mod key_case;
mod kinds;
mod mentions;
mod placeholder;
mod shape;
mod spec;
#[cfg(test)]
mod tests;
mod together;

pub use canonical::write;
pub use changes::changed_fields;
pub(super) use entity::reference_of;
pub use envelope::VISIBLE_TO;
pub(super) use envelope::{judge_link, judge_tag};
pub use finding::{Finding, Severity};
pub use inside::inside;
pub(super) use kinds::forward;
pub use kinds::{RelationType, may_have_owner, must_have_owner, reverse};
pub use mentions::{Mention, Relation};
pub use placeholder::{Asked, Other, Others};
pub use together::{Described, circles_of, together};

use placeholder::MOST_ASKED;
use serde_json::Value;

use super::EntityRef;
use crate::{
    golden_paths::{Node, NodeKind, Place},
    yaml::{Document, documents},
};

/// One entity as a file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Descriptor {
    pub reference: EntityRef,
    /// Where its name stands.
    pub place: Place,
    /// Where its document begins.
    pub line: u32,
    /// As it was written, comments included.
    pub text: String,
    /// Everything but what only catalogs write.
    pub document: Value,
    pub mentions: Vec<Mention>,
    /// The files that a location names, each with its place.
    pub targets: Vec<(String, Place)>,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The entities that are in order.
    pub descriptors: Vec<Descriptor>,
    /// By their place.
    pub findings: Vec<Finding>,
    /// The files that its documents ask for, as far as none was given.
    pub asked: Vec<Asked>,
    /// How many bytes its documents take, with all that their aliases and the other files stand for.
    pub size: usize,
}

/// Larger files are written by machines for machines.
pub const MAX_FILE_BYTES: usize = 16 << 20;
pub const MAX_DOCUMENT_BYTES: usize = 4 << 20;
pub const MAX_DOCUMENTS: usize = 10_000;
/// Who mends a thousand things reads the file again.
const MAX_FINDINGS: usize = 1_000;
/// What a document may become once its aliases and other files stand for themselves, in bytes.
const MAX_FILLED: usize = 16 << 20;
/// What all documents of a file may become together once their aliases stand for themselves, in bytes.
const MAX_EXPANDED: usize = 64 << 20;

/// Reads a file of any number of documents. One that is broken does not stop the others. What stands in other files
/// stays as it was asked for.
pub fn read(text: &str) -> Reading {
    read_with(text, &Others::new())
}

/// The same with what was read of other files in the place of what asks for it.
pub fn read_with(text: &str, others: &Others) -> Reading {
    let mut reading = Reading::default();
    if text.len() > MAX_FILE_BYTES {
        let message = format!("This file has more than {} MiB. Divide it.", MAX_FILE_BYTES >> 20);
        reading.findings.push(Finding::error(Place::START, "too-large", message));
        return reading;
    }
    let documents = documents(text);
    for (at, document) in documents.iter().enumerate() {
        let start = Place { line: document.line, column: 1 };
        let problem = if at == MAX_DOCUMENTS {
            Some(format!("A file holds at most {MAX_DOCUMENTS} documents. Divide it; from here on nothing was read."))
        } else if reading.size > MAX_EXPANDED {
            Some("The aliases of this file stand for too much. Divide it; from here on nothing was read.".to_owned())
        } else {
            None
        };
        if let Some(message) = problem {
            reading.findings.push(Finding::error(start, "too-large", message));
            break;
        }
        reading.size += one(document, others, &mut reading);
    }
    reading.findings.sort();
    if reading.findings.len() > MAX_FINDINGS {
        reading.findings.truncate(MAX_FINDINGS);
        let last = reading.findings.last().map_or(Place::START, |last| Place { line: last.line, column: last.column });
        let message = "There is more to mend after this place. Mend what is said so far and look again.";
        reading.findings.push(Finding::error(last, "more", message));
    }
    reading
}

/// What an entity that is known already names, whatever else may be wrong with it.
pub fn mentions_of(reference: &EntityRef, document: &Value) -> Vec<Mention> {
    let Some(spec) = document.get("spec") else { return Vec::new() };
    mentions::mentions(reference, &Node::from_value(spec, Place::START), &mut Vec::new())
}

/// Returns how many bytes the document's texts take.
fn one(document: &Document<'_>, others: &Others, reading: &mut Reading) -> usize {
    let start = Place { line: document.line, column: 1 };
    if document.text.len() > MAX_DOCUMENT_BYTES {
        let message = format!("This document has more than {} MiB. Divide it.", MAX_DOCUMENT_BYTES >> 20);
        reading.findings.push(Finding::error(start, "too-large", message));
        return 0;
    }
    let mut node = match document.read() {
        Ok(node) => node,
        Err(fault) => {
            reading.findings.push(broken::finding(fault, document));
            return 0;
        }
    };
    let problems = filled(&mut node, others, reading);
    let size = size(&node);
    match &node.kind {
        NodeKind::Null => {}
        NodeKind::Map(_) if size > MAX_FILLED => reading.findings.push(too_long(start)),
        NodeKind::Map(_) => {
            let judged = entity::judged(document, &node, &mut reading.findings);
            reading.descriptors.extend(judged.filter(|_| problems.is_empty()));
            reading.findings.extend(problems);
        }
        _ => {
            let message = "An entity is a map with `apiVersion`, `kind`, `metadata` and `spec`.";
            reading.findings.push(Finding::error(node.place, "not-a-map", message));
        }
    }
    size
}

/// Puts other files where they are asked for; what is wrong with them keeps the entity out.
fn filled(node: &mut Node, others: &Others, reading: &mut Reading) -> Vec<Finding> {
    let mut asked = Vec::new();
    placeholder::asked(node, &mut asked);
    let mut problems = Vec::new();
    if let Some(more) = asked.get(MOST_ASKED) {
        let message = format!("An entity asks for at most {MOST_ASKED} other files. Put some of them together.");
        problems.push(Finding::error(more.place, "too-large", message));
        return problems;
    }
    placeholder::resolve(node, others, &mut problems);
    reading.asked.extend(asked.into_iter().filter(|asked| !others.contains_key(&asked.target)));
    problems
}

fn too_long(start: Place) -> Finding {
    let message = format!("With the files that it asks for, this has more than {} MiB. Shorten it.", MAX_FILLED >> 20);
    Finding::error(start, "too-large", message)
}

fn size(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Text(text) => text.len() + 1,
        NodeKind::List(items) => items.iter().map(size).sum::<usize>() + 1,
        NodeKind::Map(entries) => entries.iter().map(|entry| entry.key.len() + size(&entry.value)).sum::<usize>() + 1,
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) => 1,
    }
}
