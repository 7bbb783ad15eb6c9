//! Changes of lines: maps and lists that stand below their key.

use granit_parser::ScalarStyle;
use serde_json::{Map, Value};

use super::{
    EditError,
    align::{Step, steps},
    entries::{added, before},
    flow,
    manner::Source,
    new_lines,
    paragraph::{Header, chomping, folded, has_lines, literal},
    scalar::{double, inline},
    tree::{Entry, Kind, Part},
};

/// What stands between two bytes of the text afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Patch {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

pub(super) struct Writer<'a> {
    pub(super) source: &'a Source<'a>,
    /// In any order; two at the same place in the order in which they were found.
    pub(super) patches: Vec<Patch>,
}

impl Writer<'_> {
    /// Finds what it takes for a part to say `new`. `column` is that of the key, or of the dash.
    pub(super) fn value(&mut self, part: &Part, column: usize, old: &Value, new: &Value) -> Result<(), EditError> {
        if old == new {
            return Ok(());
        }
        if part.is_marked {
            return Err(EditError::Shared { line: self.source.line_of(part.start) });
        }
        match (&part.kind, old, new) {
            (Kind::Map { is_flow: false, entries }, Value::Object(old), Value::Object(new)) if !new.is_empty() => {
                self.map(entries, old, new)
            }
            (Kind::List { is_flow: false, items }, Value::Array(old), Value::Array(new)) if !new.is_empty() => {
                self.list(items, old, new)
            }
            (Kind::List { is_flow: true, .. } | Kind::Map { is_flow: true, .. }, ..) => {
                let text = flow::rewritten(self.source, part, old, new)?;
                self.put(part.start, part.end, text);
                Ok(())
            }
            (Kind::Scalar(style), _, Value::String(text)) if part.end > part.start => {
                self.scalar(part, *style, column, text);
                Ok(())
            }
            _ => Err(self.source.refused(part.start)),
        }
    }

    fn put(&mut self, start: usize, end: usize, text: String) {
        self.patches.push(Patch { start, end, text });
    }

    /// New lines at the beginning of a line or at the end of the text.
    fn insert(&mut self, at: usize, lines: &[String]) {
        let eol = self.source.eol;
        let is_open = at == self.source.text.len() && !self.source.text.ends_with('\n');
        let text = if is_open {
            lines.iter().map(|line| format!("{eol}{line}")).collect()
        } else {
            lines.iter().map(|line| format!("{line}{eol}")).collect()
        };
        self.put(at, at, text);
    }

    fn map(&mut self, entries: &[Entry], old: &Map<String, Value>, new: &Map<String, Value>) -> Result<(), EditError> {
        if let Some(merge) = entries.iter().find(|entry| entry.name == "<<") {
            return Err(EditError::Shared { line: self.source.line_of(merge.key.start) });
        }
        for (at, Entry { name, key, value }) in entries.iter().enumerate() {
            match (old.get(name), new.get(name)) {
                (Some(was), Some(is)) => self.value(value, self.source.column(key.start), was, is)?,
                _ => self.take_out(entries, at)?,
            }
        }
        for (name, value) in added(old, new) {
            let first = entries.first().map_or(0, |entry| entry.key.start);
            let column = self.source.column(first);
            let lines = new_lines::entry(self.source, name, value, column);
            // The first key of a list's item stands behind its dash and stays there.
            let at = match before(entries, name).or_else(|| (!self.source.begins_line(first)).then_some(0)) {
                Some(at) => entries.get(at).map_or(0, |entry| self.source.lines_end(&entry.value)),
                None => self.source.line_start(first),
            };
            self.insert(at, &lines);
        }
        Ok(())
    }

    fn take_out(&mut self, entries: &[Entry], at: usize) -> Result<(), EditError> {
        let Entry { key, value, .. } = &entries[at];
        if value.holds_marks() {
            return Err(EditError::Shared { line: self.source.line_of(key.start) });
        }
        if self.source.begins_line(key.start) {
            self.put(self.source.line_start(key.start), self.source.lines_end(value), String::new());
            return Ok(());
        }
        let next = entries.get(at + 1).map(|entry| entry.key.start);
        // What is said behind the value goes with it; a line of its own would stay.
        let next = next.filter(|next| !self.source.slice(self.source.lines_end(value), *next).contains('#'));
        self.put(key.start, next.ok_or_else(|| self.source.refused(key.start))?, String::new());
        Ok(())
    }

    fn list(&mut self, items: &[Part], old: &[Value], new: &[Value]) -> Result<(), EditError> {
        let (top, column) = match items.first() {
            Some(first) => self.source.dash_of(first)?,
            None => return Err(self.source.refused(0)),
        };
        let mut at = top;
        for step in steps(old, new) {
            match step {
                Step::Keep { old } => at = self.source.lines_end(&items[old]),
                Step::Change { old: from, new: to } => {
                    self.value(&items[from], column, &old[from], &new[to])?;
                    at = self.source.lines_end(&items[from]);
                }
                Step::Remove { old } => {
                    if items[old].holds_marks() {
                        return Err(EditError::Shared { line: self.source.line_of(items[old].start) });
                    }
                    let (start, _) = self.source.dash_of(&items[old])?;
                    at = self.source.lines_end(&items[old]);
                    self.put(start, at, String::new());
                }
                Step::Insert { new: to } => {
                    let style = items.first().map_or(ScalarStyle::Plain, flow::style_of);
                    self.insert(at, &new_lines::item(&new[to], column, style));
                }
            }
        }
        Ok(())
    }

    fn scalar(&mut self, part: &Part, style: ScalarStyle, column: usize, new: &str) {
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return self.lines(part, column, new);
        }
        if !new.contains('\n') || !has_lines(new) || new.ends_with("\n\n") {
            return self.put(part.start, part.end, inline(new, style, false));
        }
        self.put(part.start, part.end, format!("|{}", chomping(new)));
        let body = literal(new, column + self.source.step, self.source.eol);
        let body: Vec<String> = body.trim_end_matches(['\r', '\n']).split(self.source.eol).map(str::to_owned).collect();
        self.insert(self.source.line_end(part.end), &body);
    }

    /// A text below a header: what the header's line says besides stays.
    fn lines(&mut self, part: &Part, column: usize, new: &str) {
        let source = self.source;
        let body_start = source.line_end(part.start).min(part.end);
        let written = source.slice(part.start, body_start).split_whitespace().next().unwrap_or_default();
        let (header, body) = (Header::read(written), source.slice(body_start, part.end));
        let header_end = part.start + written.len();
        if !has_lines(new) || new.ends_with("\n\n") && !header.keeps() {
            self.put(part.start, header_end, double(new));
            self.put(body_start, part.end, String::new());
            return;
        }
        let said = body.lines().find(|line| !line.trim().is_empty());
        let seen = said.map(|line| line.len() - line.trim_start_matches(' ').len());
        let indent = header.indent.map(|indent| column + indent).or(seen).unwrap_or(column + source.step);
        let is_folded = header.is_folded && !header.keeps();
        let paragraph = is_folded.then(|| folded(new, body, indent, source.eol)).flatten();
        let sign = header.of(new, paragraph.is_some());
        let mut text = paragraph.unwrap_or_else(|| literal(new, indent, source.eol));
        if !body.ends_with('\n') {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        if let Some(sign) = sign {
            self.put(part.start, header_end, sign);
        }
        self.put(body_start, part.end, text);
    }
}
