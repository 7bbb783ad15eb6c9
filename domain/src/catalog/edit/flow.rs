//! Lists in brackets and maps in braces, written anew with as much of the old text as stays.

use granit_parser::ScalarStyle;
use serde_json::{Map, Value};

use super::{
    EditError,
    align::{Step, steps},
    entries::{added, before},
    manner::Source,
    scalar::inline,
    tree::{Entry, Kind, Part},
};

/// The text of a part that says something else now.
pub(super) fn rewritten(source: &Source<'_>, part: &Part, old: &Value, new: &Value) -> Result<String, EditError> {
    let raw = source.slice(part.start, part.end);
    if old == new {
        return Ok(raw.to_owned());
    }
    if part.is_marked {
        return Err(EditError::Shared { line: source.line_of(part.start) });
    }
    match (&part.kind, old, new) {
        (Kind::Scalar(style), _, Value::String(text)) if part.end > part.start => Ok(inline(text, *style, true)),
        (Kind::List { items, .. }, Value::Array(old), Value::Array(new)) => list(source, part, items, old, new),
        (Kind::Map { entries, .. }, Value::Object(old), Value::Object(new)) => map(source, part, entries, old, new),
        _ => Err(source.refused(part.start)),
    }
}

/// A value between brackets or braces, or behind a key, on one line.
pub(super) fn written(value: &Value, style: ScalarStyle) -> String {
    let is_json = style == ScalarStyle::DoubleQuoted;
    match value {
        Value::String(text) => inline(text, style, true),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| written(item, style)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(map) => {
            let key = |key: &str| if is_json { format!("\"{key}\"") } else { key.to_owned() };
            let pairs =
                added(&Map::new(), map).map(|(name, value)| format!("{}: {}", key(name), written(value, style)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

/// One item of the new text: that of the old item, or a new one.
struct Piece {
    old: Option<usize>,
    text: String,
}

fn list(source: &Source<'_>, part: &Part, items: &[Part], old: &[Value], new: &[Value]) -> Result<String, EditError> {
    let style = items.first().map_or(ScalarStyle::Plain, style_of);
    let mut pieces = Vec::new();
    for step in steps(old, new) {
        pieces.push(match step {
            Step::Keep { old } => {
                Piece { old: Some(old), text: source.slice(items[old].start, items[old].end).to_owned() }
            }
            Step::Change { old: at, new: to } => {
                Piece { old: Some(at), text: rewritten(source, &items[at], &old[at], &new[to])? }
            }
            Step::Insert { new: to } => Piece { old: None, text: written(&new[to], style) },
            Step::Remove { old } if items[old].holds_marks() => {
                return Err(EditError::Shared { line: source.line_of(items[old].start) });
            }
            Step::Remove { .. } => continue,
        });
    }
    let places: Vec<(usize, usize)> = items.iter().map(|item| (item.start, item.end)).collect();
    joined(source, part, &places, pieces)
}

fn map(
    source: &Source<'_>,
    part: &Part,
    entries: &[Entry],
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Result<String, EditError> {
    let mut pieces = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let Entry { name, key, value } = entry;
        let (Some(was), Some(is)) = (old.get(name), new.get(name)) else {
            if value.holds_marks() {
                return Err(EditError::Shared { line: source.line_of(key.start) });
            }
            continue;
        };
        let text = format!("{}{}", source.slice(key.start, value.start), rewritten(source, value, was, is)?);
        pieces.push(Piece { old: Some(at), text });
    }
    let style = entries.first().map_or(ScalarStyle::Plain, |entry| style_of(&entry.key));
    let mark = if style == ScalarStyle::DoubleQuoted { "\"" } else { "" };
    for (name, value) in added(old, new) {
        let after = before(entries, name).map(|at| pieces.iter().position(|piece| piece.old == Some(at)));
        let mut at = after.map_or(0, |at| at.map_or(pieces.len(), |at| at + 1));
        // Behind what was put there before it.
        while pieces.get(at).is_some_and(|piece| piece.old.is_none()) {
            at += 1;
        }
        let text = format!("{mark}{name}{mark}: {}", written(value, style));
        pieces.insert(at, Piece { old: None, text });
    }
    let places: Vec<(usize, usize)> = entries.iter().map(|entry| (entry.key.start, entry.value.end)).collect();
    joined(source, part, &places, pieces)
}

/// What stood between two neighbours still does; a comment that would go is kept from going.
fn joined(
    source: &Source<'_>,
    part: &Part,
    places: &[(usize, usize)],
    pieces: Vec<Piece>,
) -> Result<String, EditError> {
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return filled(source, part, pieces) };
    let gap = |at: usize| source.slice(places[at - 1].1, places[at].0);
    let usual = if places.len() > 1 && !gap(1).contains('#') { gap(1) } else { ", " };
    let mut text = source.slice(part.start, first.0).to_owned();
    let mut used = vec![false; places.len()];
    for (at, piece) in pieces.iter().enumerate() {
        match piece.old.filter(|old| *old > 0) {
            Some(old) if at > 0 => {
                text.push_str(gap(old));
                used[old] = true;
            }
            _ if at > 0 => text.push_str(usual),
            _ => {}
        }
        text.push_str(&piece.text);
    }
    if (1..places.len()).any(|at| !used[at] && gap(at).contains('#')) {
        return Err(source.refused(part.start));
    }
    let close = source.slice(last.1, part.end);
    text.push_str(if pieces.is_empty() { close.trim_start().trim_start_matches(',') } else { close });
    Ok(text)
}

/// What was empty before.
fn filled(source: &Source<'_>, part: &Part, pieces: Vec<Piece>) -> Result<String, EditError> {
    let (open, close) = (part.start + 1, part.end.saturating_sub(1));
    if !source.slice(open, close).trim().is_empty() {
        return Err(source.refused(part.start));
    }
    let texts: Vec<String> = pieces.into_iter().map(|piece| piece.text).collect();
    Ok(format!("{}{}{}", source.slice(part.start, open), texts.join(", "), source.slice(close, part.end)))
}

/// How a part, or the keys of one, are quoted.
pub(super) fn style_of(part: &Part) -> ScalarStyle {
    match &part.kind {
        Kind::Scalar(style) => *style,
        // A map in JSON's manner.
        Kind::Map { entries, .. } => entries.first().map_or(ScalarStyle::Plain, |entry| style_of(&entry.key)),
        Kind::Alias | Kind::List { .. } => ScalarStyle::Plain,
    }
}
