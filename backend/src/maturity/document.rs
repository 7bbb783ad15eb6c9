//! Bundles and rules from YAML or JSON, with exact numbers and the place of every part.

use domain::{
    golden_paths::{Node, NodeKind, Place},
    maturity::{Bundle, Doc, DocEntry, DocKind, Exact, Fault, decimal},
};
use serde_json::Number;
use time::OffsetDateTime;

use crate::golden_paths::read_long_yaml;

/// Reads a bundle, or says everything that is wrong with it. `as_of` replaces the time that the document names.
pub fn read_bundle(text: &str, as_of: Option<OffsetDateTime>) -> Result<Bundle, Vec<Fault>> {
    Bundle::read(&read_document(text).map_err(|fault| vec![fault])?, as_of)
}

/// Reads a document of any kind.
pub fn read_document(text: &str) -> Result<Doc, Fault> {
    let node = read_long_yaml(text)
        .map_err(|fault| Fault::new(fault.place, "yaml-syntax", format!("This is not YAML: {}.", fault.message)))?;
    Source { lines: text.lines().map(Line::of).collect() }.document(&node)
}

/// The text as it was written: the reader of YAML knows numbers with a point only as binary fractions.
struct Source<'a> {
    lines: Vec<Line<'a>>,
}

/// Places count characters; a document can be one line of many million.
struct Line<'a> {
    text: &'a str,
    /// Where each character begins; none where that is its number.
    starts: Option<Vec<usize>>,
}

impl<'a> Line<'a> {
    fn of(text: &'a str) -> Self {
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(start, _)| start).collect());
        Self { text, starts }
    }

    fn after(&self, column: usize) -> Option<&'a str> {
        let start = match &self.starts {
            Some(starts) => *starts.get(column)?,
            None => column,
        };
        self.text.get(start..)
    }
}

impl Source<'_> {
    fn document(&self, node: &Node) -> Result<Doc, Fault> {
        let kind = match &node.kind {
            NodeKind::Null => DocKind::Null,
            NodeKind::Bool(flag) => DocKind::Bool(*flag),
            NodeKind::Number(number) => DocKind::Number(self.exact(number, node.place)?),
            NodeKind::Text(text) => DocKind::Text(text.clone()),
            NodeKind::List(items) => {
                DocKind::List(items.iter().map(|item| self.document(item)).collect::<Result<_, _>>()?)
            }
            NodeKind::Map(entries) => DocKind::Map(
                entries
                    .iter()
                    .map(|entry| {
                        let value = self.document(&entry.value)?;
                        Ok(DocEntry { key: entry.key.clone(), place: entry.place, value })
                    })
                    .collect::<Result<_, Fault>>()?,
            ),
        };
        Ok(Doc { place: node.place, kind })
    }

    fn exact(&self, number: &Number, place: Place) -> Result<Exact, Fault> {
        let shown = number.to_string();
        let written = if number.is_f64() { self.scalar(place) } else { None };
        let written = written.filter(|text| text.parse::<f64>().ok() == number.as_f64());
        decimal(written.unwrap_or(&shown)).ok_or_else(|| {
            Fault::new(place, "value", "This number has too many digits; write one with fewer than 400.")
        })
    }

    /// What stands at a place, up to where a plain number ends.
    fn scalar(&self, place: Place) -> Option<&str> {
        let line = self.lines.get(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
        let rest = line.after(usize::try_from(place.column).ok()?.checked_sub(1)?)?;
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-')));
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

#[cfg(test)]
mod tests {
    use domain::maturity::Value;

    use super::*;

    fn first(text: &str) -> Value {
        match read_document(text).unwrap().to_value() {
            Value::List(items) => items.into_iter().next().unwrap(),
            other => other,
        }
    }

    #[test]
    fn numbers_keep_all_their_digits() {
        for text in [
            "0.95",
            "0.1000000000000000055511151231257827",
            "1.5e3",
            "-2.50",
            "9007199254740993",
            "18446744073709551615",
        ] {
            for document in
                [text.to_owned(), format!("[{text}, 2]"), format!("- {text} # so"), format!("[{text}, \"é\"]")]
            {
                assert_eq!(first(&document), Value::Number(decimal(text).unwrap()), "{document}");
            }
        }
        let precise = "0.1000000000000000055511151231257827";
        let behind = read_document(&format!("[\"é→\", {precise}]")).unwrap().to_value();
        assert_eq!(behind, Value::List(vec![Value::text("é→"), Value::Number(decimal(precise).unwrap())]));
        assert_eq!(first("[\"1\"]"), Value::Text("1".into()));
        assert_eq!(first("[yes]"), Value::Text("yes".into()));
        assert_ne!(first("0.1"), first("0.1000000000000000055511151231257827"));
    }

    #[test]
    fn faults_have_their_place() {
        let faults = read_bundle("as_of: 2026-05-01\nsubjects:\n  - ref: a\n    kind: planet\n", None).unwrap_err();
        assert_eq!((faults[0].place, faults[0].rule), (Place { line: 4, column: 11 }, "value"));
        let faults = read_bundle("as_of: [\n", None).unwrap_err();
        assert_eq!(faults[0].rule, "yaml-syntax");
        let faults = read_bundle("as_of: 2026-05-01\nsubjcts: []\n", None).unwrap_err();
        assert_eq!((faults[0].place, faults[0].rule), (Place { line: 2, column: 1 }, "unknown-key"));
    }
}
