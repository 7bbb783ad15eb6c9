//! Changes of an entity written back into its file: only the lines that have to change do. Comments, order, quotes,
//! indentation, line breaks and whatever the format does not know stay byte for byte.

mod align;
mod block;
mod change;
mod check;
mod entries;
mod expected;
mod flow;
mod form;
mod manner;
mod new_lines;
mod paragraph;
mod scalar;
#[cfg(test)]
mod tests;
mod tree;

pub use change::{Change, Edit, Fields, Link};
pub use form::{DESCRIPTION, Form, LinkRow, OWNER, TAGS, input_at, link_input};

use serde_json::Value;
use thiserror::Error;

use self::{
    block::{Patch, Writer},
    expected::Elsewhere,
    manner::Source,
};
use super::{
    EntityRef,
    descriptor::{self, Descriptor, Finding, MAX_FILE_BYTES, reference_of},
};
use crate::yaml::{Document, documents};

/// Why a change was not written. Lines are those of the whole file, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    #[error("This file does not describe {0} any more. Read the file again, or look for where the entity lives now.")]
    NotThere(EntityRef),
    #[error("This file describes {reference} twice, at lines {first} and {second}. Take one of the two out first.")]
    Twice { reference: EntityRef, first: u32, second: u32 },
    #[error(
        "Line {line} is shared with other parts of the file by an anchor, an alias, a merge key or a tag. Write it out \
         there, or make this change by hand."
    )]
    Shared { line: u32 },
    #[error("`{field}` of this entity stands in another file. Change it there.")]
    Elsewhere { field: String },
    #[error("Line {line} is written in a way that cannot be changed safely. Make this change by hand.")]
    Style { line: u32 },
    #[error("After this change the entity would be refused, at line {line}: {message}")]
    Refused { line: u32, message: String },
    #[error("This change cannot be written into the file without touching something else. Make it by hand.")]
    Unproven,
    #[error("This file is too large to be changed here. Make this change by hand.")]
    TooLarge,
}

/// What a file says of one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// The entity's own part of the file, its comments included.
    pub text: &'a str,
    pub fields: Fields,
}

/// What a file of any number of documents says of one entity.
pub fn find<'a>(text: &'a str, reference: &EntityRef) -> Result<Section<'a>, EditError> {
    if text.len() > MAX_FILE_BYTES {
        return Err(EditError::TooLarge);
    }
    let all = documents(text);
    let document = all[place(&all, reference)?];
    let fields = Fields::of(&read(&document).ok_or(EditError::Unproven)?);
    Ok(Section { text: document.text, fields })
}

/// The text of a file of any number of documents with a change of one entity in it. The result has been read again: that
/// entity says what it said before with the change, and every other document is the same byte for byte.
pub fn write(text: &str, reference: &EntityRef, change: &Change) -> Result<String, EditError> {
    if text.len() > MAX_FILE_BYTES {
        return Err(EditError::TooLarge);
    }
    let all = documents(text);
    let at = place(&all, reference)?;
    let document = &all[at];
    let old = read(document).ok_or(EditError::Unproven)?;
    let new = apply(&old, change)?;
    let changed = changed(document, &old, &new)?;
    let end = document.start + document.text.len();
    let written = [text.get(..document.start), Some(&changed), text.get(end..)].map(Option::unwrap_or_default).concat();
    prove(&all, at, &written, reference, &new)?;
    Ok(written)
}

/// The document of an entity that lives in no file, with a change of it. Nothing judges it: read what it gives as a
/// descriptor before it is kept.
pub fn apply(document: &Value, change: &Change) -> Result<Value, EditError> {
    expected::document(document.clone(), change)
        .map_err(|Elsewhere(path)| EditError::Elsewhere { field: path.join(".") })
}

/// Which document describes the entity. Documents that are broken describe none.
fn place(all: &[Document<'_>], reference: &EntityRef) -> Result<usize, EditError> {
    let is_it = |document: &Document<'_>| {
        document.read().is_ok_and(|node| reference_of(&node).is_some_and(|found| found == *reference))
    };
    let mut found = all.iter().enumerate().filter(|(_, document)| is_it(document));
    let Some((at, first)) = found.next() else { return Err(EditError::NotThere(reference.clone())) };
    match found.next() {
        Some((_, second)) => {
            Err(EditError::Twice { reference: reference.clone(), first: first.line, second: second.line })
        }
        None => Ok(at),
    }
}

fn read(document: &Document<'_>) -> Option<Value> {
    document.read().ok().map(|node| node.to_value())
}

fn changed(document: &Document<'_>, old: &Value, new: &Value) -> Result<String, EditError> {
    let root = tree::tree(document.text).ok_or(EditError::Style { line: document.line })?;
    let source = Source::new(document.text, document.line, &root);
    let mut writer = Writer { source: &source, patches: Vec::new() };
    writer.value(&root, 0, old, new)?;
    let mut patches = writer.patches;
    patches.sort_by_key(|patch| (patch.start, patch.end));
    let mut written = String::with_capacity(document.text.len());
    let mut at = 0;
    for Patch { start, end, text } in patches {
        if start < at {
            return Err(EditError::Unproven);
        }
        written.push_str(source.slice(at, start));
        written.push_str(&text);
        at = end;
    }
    written.push_str(source.slice(at, document.text.len()));
    Ok(written)
}

/// Nothing is taken on trust: the new text is read as any file is.
fn prove(
    before: &[Document<'_>],
    at: usize,
    written: &str,
    reference: &EntityRef,
    expected: &Value,
) -> Result<(), EditError> {
    let after = documents(written);
    let is_other = |place: &usize| *place != at;
    let is_same = after.len() == before.len()
        && (0..after.len()).filter(is_other).all(|place| after[place].text == before[place].text);
    let document = after.get(at).filter(|_| is_same).ok_or(EditError::Unproven)?;
    if read(document).as_ref() != Some(expected) {
        return Err(EditError::Unproven);
    }
    judge(before[at], *document, reference)
}

/// What the catalog did not mind before it must not mind now. A file that asks for others is judged without them, so it
/// may lack something before and after alike.
fn judge(before: Document<'_>, after: Document<'_>, reference: &EntityRef) -> Result<(), EditError> {
    let (before, after_read) = (descriptor::read(before.text), descriptor::read(after.text));
    let is_known =
        |error: &Finding| before.findings.iter().any(|old| old.rule == error.rule && old.message == error.message);
    let errors = after_read.findings.into_iter().filter(Finding::is_error);
    if let Some(error) = errors.into_iter().find(|error| !is_known(error)) {
        let line = error.line.saturating_add(after.line).saturating_sub(1);
        return Err(EditError::Refused { line, message: error.message });
    }
    let is_there = |all: &[Descriptor]| all.iter().any(|found| found.reference == *reference);
    if is_there(&before.descriptors) && !is_there(&after_read.descriptors) { Err(EditError::Unproven) } else { Ok(()) }
}
