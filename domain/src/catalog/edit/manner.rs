//! The text of one document, and its author's habits.

use super::{
    EditError,
    tree::{Kind, Part},
};

pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    /// The line of the file on which the text begins, from 1.
    pub(super) line: u32,
    pub(super) eol: &'static str,
    /// By how much a map stands to the right of its key.
    pub(super) step: usize,
    /// By how much the dashes of a list stand to the right of its key.
    pub(super) dash: usize,
}

/// Where nothing says how wide a step is.
const STEP: usize = 2;

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str, line: u32, root: &Part) -> Self {
        let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut source = Self { text, line, eol, step: STEP, dash: STEP };
        source.step = source.find(root, &|source, column, value| match value.kind {
            Kind::Map { is_flow: false, .. } => source.column(value.start).checked_sub(column).filter(|step| *step > 0),
            _ => None,
        });
        source.dash = source.find(root, &|source, column, value| match &value.kind {
            Kind::List { is_flow: false, items } => source.dash_of(items.first()?).ok()?.1.checked_sub(column),
            _ => None,
        });
        source
    }

    /// Of a list's item: where the line with its dash begins, and in which column the dash stands.
    pub(super) fn dash_of(&self, item: &Part) -> Result<(usize, usize), EditError> {
        let before = self.text.get(..item.start).unwrap_or_default().trim_end_matches([' ', '\t', '\r', '\n']);
        let start = self.line_start(before.len());
        let column = before.len().saturating_sub(start + 1);
        let is_alone = before.ends_with('-') && before.get(start..).is_some_and(|line| line.trim_start() == "-");
        match is_alone {
            true => Ok((start, column)),
            false if item.is_marked => Err(EditError::Shared { line: self.line_of(item.start) }),
            false => Err(self.refused(item.start)),
        }
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
    }

    /// After the line break, or the end of the text.
    pub(super) fn line_end(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |found| at + found + 1)
    }

    /// The end of the last line of a part with what stands behind it.
    pub(super) fn lines_end(&self, part: &Part) -> usize {
        let ends_a_line = part.end > part.start && self.text.get(..part.end).is_some_and(|text| text.ends_with('\n'));
        if ends_a_line { part.end } else { self.line_end(part.end) }
    }

    /// From 0, in characters.
    pub(super) fn column(&self, at: usize) -> usize {
        self.text.get(self.line_start(at)..at).map_or(0, |before| before.trim_start_matches('\u{feff}').chars().count())
    }

    /// Whether nothing but spaces stands before it on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        let before = self.text.get(self.line_start(at)..at).unwrap_or("-");
        before.trim_start_matches('\u{feff}').bytes().all(|b| b == b' ')
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn line_of(&self, at: usize) -> u32 {
        let before = self.slice(0, at).bytes().filter(|b| *b == b'\n').count();
        self.line.saturating_add(u32::try_from(before).unwrap_or(u32::MAX))
    }

    pub(super) fn refused(&self, at: usize) -> EditError {
        EditError::Style { line: self.line_of(at) }
    }

    /// The first answer for a value of a map, from the outside in; else the usual step.
    fn find(&self, part: &Part, ask: &impl Fn(&Self, usize, &Part) -> Option<usize>) -> usize {
        self.asked(part, ask).unwrap_or(STEP)
    }

    fn asked(&self, part: &Part, ask: &impl Fn(&Self, usize, &Part) -> Option<usize>) -> Option<usize> {
        match &part.kind {
            Kind::Scalar(_) | Kind::Alias => None,
            Kind::List { items, .. } => items.iter().find_map(|item| self.asked(item, ask)),
            Kind::Map { entries, .. } => {
                let mut found = entries.iter().map(|entry| ask(self, self.column(entry.key.start), &entry.value));
                found.find_map(|found| found).or_else(|| entries.iter().find_map(|e| self.asked(&e.value, ask)))
            }
        }
    }
}
