//! Lines for what was not in the file before.

use granit_parser::ScalarStyle;
use serde_json::{Map, Value};

use super::{
    entries::added,
    flow,
    manner::Source,
    paragraph::{chomping, has_lines, literal},
    scalar::inline,
};

/// A key with its value, in the file's own indentation and without line breaks.
pub(super) fn entry(source: &Source<'_>, name: &str, value: &Value, column: usize) -> Vec<String> {
    let pad = " ".repeat(column);
    let mut lines = vec![format!("{pad}{name}:")];
    match value {
        Value::String(text) if text.contains('\n') && has_lines(text) && !text.ends_with("\n\n") => {
            lines = vec![format!("{pad}{name}: |{}", chomping(text))];
            let body = literal(text, column + source.step, "\n");
            lines.extend(body.trim_end_matches('\n').split('\n').map(str::to_owned));
        }
        Value::Array(items) if !items.is_empty() => {
            let dash = column + source.dash;
            lines.extend(items.iter().flat_map(|value| item(value, dash, ScalarStyle::Plain)));
        }
        Value::Object(map) if !map.is_empty() => {
            let inner = added(&Map::new(), map);
            lines.extend(inner.flat_map(|(name, value)| entry(source, name, value, column + source.step)));
        }
        Value::String(text) => lines = vec![format!("{pad}{name}: {}", inline(text, ScalarStyle::Plain, false))],
        other => lines = vec![format!("{pad}{name}: {}", flow::written(other, ScalarStyle::Plain))],
    }
    lines
}

/// An item of a list behind its dash.
pub(super) fn item(value: &Value, column: usize, style: ScalarStyle) -> Vec<String> {
    let pad = " ".repeat(column);
    let one_line = |value: &Value| match value {
        Value::String(text) => inline(text, style, false),
        other => flow::written(other, style),
    };
    match value {
        Value::Object(map) if !map.is_empty() => {
            let signs = std::iter::once("- ").chain(std::iter::repeat("  "));
            let pairs = added(&Map::new(), map).zip(signs);
            pairs.map(|((name, value), sign)| format!("{pad}{sign}{name}: {}", one_line(value))).collect()
        }
        other => vec![format!("{pad}- {}", one_line(other))],
    }
}
