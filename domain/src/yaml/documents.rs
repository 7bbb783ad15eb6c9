//! A text of several documents, taken apart so that a broken one does not take the others with it.

use serde_saphyr::options::MergeKeyPolicy;

use super::{Fault, Located, fault};
use crate::golden_paths::{Node, NodeKind};

/// One document of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    /// The line of the whole text on which this document's text begins, from 1.
    pub line: u32,
    /// The byte of the whole text at which this document's text begins.
    pub start: usize,
    /// With its marker and its comments.
    pub text: &'a str,
}

/// What a document may become once its aliases stand for themselves, in bytes.
const MOST_EXPANDED: usize = 64 << 20;
/// Few documents use an alias at all.
const MOST_REPLAYED: usize = 10_000;

/// The documents of a text without those that say nothing. A line that begins with `---` or `...` ends a document
/// wherever it stands: YAML allows it inside no text and no list.
pub fn documents(text: &str) -> Vec<Document<'_>> {
    let whole = text;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut cutter = Cutter {
        text,
        before: whole.len() - text.len(),
        start: 0,
        line: 1,
        has_marker: false,
        has_content: false,
        found: Vec::new(),
    };
    let mut offset = 0;
    for (line, full) in (1..).zip(text.split_inclusive('\n')) {
        cutter.take(full, offset, line);
        offset += full.len();
    }
    cutter.cut(text.len());
    cutter.found
}

impl Document<'_> {
    /// The content with places in the whole text. A merge key (`<<`) is a key like any other, as in Backstage.
    pub fn read(&self) -> Result<Node, Fault> {
        let length = self.text.len().max(1);
        let mut options = serde_saphyr::options! {
            strict_booleans: true,
            merge_keys: MergeKeyPolicy::AsOrdinary,
            budget: serde_saphyr::budget! { max_nodes: length + 1, max_events: length * 2 + 16 },
        };
        options.alias_limits.max_total_replayed_events = (MOST_EXPANDED / length).min(MOST_REPLAYED);
        let by = self.line.saturating_sub(1);
        match serde_saphyr::from_str_with_options(self.text, options) {
            Ok(Located(mut node)) => {
                shift(&mut node, by);
                Ok(node)
            }
            Err(error) => {
                let mut fault = fault(error);
                fault.place.line += by;
                Err(fault)
            }
        }
    }
}

struct Cutter<'a> {
    text: &'a str,
    /// Bytes of the whole text before this one.
    before: usize,
    start: usize,
    line: u32,
    has_marker: bool,
    has_content: bool,
    found: Vec<Document<'a>>,
}

impl Cutter<'_> {
    fn take(&mut self, full: &str, offset: usize, line: u32) {
        if let Some(rest) = after_marker(full, "---") {
            // Comments and directives before the first marker belong to the document that it begins.
            if self.has_marker || self.has_content {
                self.cut(offset);
                (self.start, self.line) = (offset, line);
            }
            (self.has_marker, self.has_content) = (true, says_something(rest));
        } else if after_marker(full, "...").is_some() {
            self.cut(offset);
            (self.start, self.line) = (offset + full.len(), line + 1);
            (self.has_marker, self.has_content) = (false, false);
        } else if !self.has_content {
            let is_directive = full.starts_with('%') && !self.has_marker;
            self.has_content = !is_directive && says_something(full);
        }
    }

    fn cut(&mut self, end: usize) {
        if self.has_content {
            let start = self.before + self.start;
            self.found.push(Document { line: self.line, start, text: &self.text[self.start..end] });
        }
    }
}

fn after_marker<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(marker)?;
    (rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])).then_some(rest)
}

fn says_something(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

fn shift(node: &mut Node, by: u32) {
    node.place.line += by;
    match &mut node.kind {
        NodeKind::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        NodeKind::Map(entries) => {
            for entry in entries {
                entry.place.line += by;
                shift(&mut entry.value, by);
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::golden_paths::Place;

    fn values(text: &str) -> Vec<Value> {
        documents(text).iter().map(|document| document.read().unwrap().to_value()).collect()
    }

    #[test]
    fn documents_are_found_whatever_stands_between_them() {
        for (text, count) in [
            ("", 0),
            ("# nothing\n\n---\n# nothing\n---\n", 0),
            ("a: 1", 1),
            ("---\na: 1\n---\nb: 2\n", 2),
            ("%YAML 1.2\n---\na: 1\n...\n# between\nb: 2\n", 2),
            ("--- {a: 1}\n---\n--- # words\nb: 2\n", 2),
            ("\u{feff}a: 1\r\n---\r\nb: 2\r\n", 2),
            ("a: |\n  text\n  ---\n  more\n", 1),
            ("a: ---x\n---x: 1\n", 1),
        ] {
            assert_eq!(documents(text).len(), count, "{text:?}");
        }
        assert_eq!(values("\u{feff}a: 1\r\n---\r\nb: yes\r\n"), [json!({"a": 1}), json!({"b": "yes"})]);
    }

    #[test]
    fn places_are_those_of_the_whole_text() {
        let text = "# first\na: 1\n---\nb:\n  c: 2\n---\nd: [\n---\ne: 3\n";
        let found = documents(text);
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|document| text[document.start..].starts_with(document.text)));
        let second = found[1].read().unwrap();
        assert_eq!(second.get("b").unwrap().get("c").unwrap().place, Place { line: 5, column: 6 });
        assert_eq!(second.entry("b").unwrap().place, Place { line: 4, column: 1 });
        assert!((7..=8).contains(&found[2].read().unwrap_err().place.line));
        assert_eq!(found[3].read().unwrap().to_value(), json!({"e": 3}));
    }

    #[test]
    fn a_merge_key_is_a_key() {
        assert_eq!(values("a: &a {x: 1}\nb: {<<: *a}\n"), [json!({"a": {"x": 1}, "b": {"<<": {"x": 1}}})]);
    }

    #[test]
    fn aliases_of_long_texts_stay_small() {
        let long = "x".repeat(300_000);
        let text = format!("a: &a \"{long}\"\nb: [{}]\n", vec!["*a"; 5_000].join(","));
        assert!(documents(&text)[0].read().is_err());
        assert!(documents(&format!("a: &a \"{long}\"\nb: [*a, *a]\n"))[0].read().is_ok());
        let deep = format!("a: {}{}\n", "[".repeat(500), "]".repeat(500));
        assert!(documents(&deep)[0].read().is_err());
    }
}
