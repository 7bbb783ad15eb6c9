//! The paths under which an entity is found, with its values there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Longer paths are not looked for, and longer values are only known to be there, as in Backstage's search.
pub const MOST_CHARS: usize = 200;
/// All paths and values of one entity together, in bytes; what comes after them is not looked for.
const MOST_BYTES: usize = 256 << 10;

/// Every path in lower case with its values as they are written; none where a value is null or too long. The items of a
/// list stand at the list's own path, and each text of them again as a path that is true.
pub fn paths_of(entity: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = Found::default();
    found.visit("", entity);
    found.by_path
}

/// Texts, numbers and truth values as JavaScript writes them.
pub(super) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(told) => Some(told.to_string()),
        Value::Number(number) => {
            let text = number.to_string();
            Some(text.strip_suffix(".0").map(str::to_owned).unwrap_or(text))
        }
        _ => None,
    }
}

#[derive(Default)]
struct Found {
    by_path: BTreeMap<String, BTreeSet<String>>,
    bytes: usize,
}

impl Found {
    fn visit(&mut self, path: &str, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, below) in map {
                    let key = key.to_lowercase();
                    self.visit(&if path.is_empty() { key } else { format!("{path}.{key}") }, below);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.visit(path, item);
                    if let Value::String(text) = item {
                        self.add(&format!("{path}.{}", text.to_lowercase()), Some("true".into()));
                    }
                }
            }
            plain => self.add(path, plain_text(plain)),
        }
    }

    fn add(&mut self, path: &str, value: Option<String>) {
        let value = value.filter(|text| text.chars().count() <= MOST_CHARS);
        self.bytes += path.len() + value.as_ref().map_or(0, String::len);
        if path.is_empty() || path.chars().count() > MOST_CHARS || self.bytes > MOST_BYTES {
            return;
        }
        self.by_path.entry(path.to_owned()).or_default().extend(value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_format_s_own_example() {
        let found =
            paths_of(&json!({"A": {"b": ["C", {"d": 1}], "e": 7.0, "f": null, "g": "x".repeat(201), "h": false}}));
        let lines: Vec<String> = found
            .iter()
            .map(|(path, values)| format!("{path}={}", values.iter().cloned().collect::<Vec<_>>().join("|")))
            .collect();
        assert_eq!(lines, ["a.b=C", "a.b.c=true", "a.b.d=1", "a.e=7", "a.f=", "a.g=", "a.h=false"]);
        assert!(paths_of(&json!({ "a".repeat(201): 1 })).is_empty());
        assert!(paths_of(&json!("text")).is_empty());
    }

    #[test]
    fn there_is_an_end_to_what_is_looked_for() {
        let many: Vec<String> = (0..100_000).map(|n| format!("item {n}")).collect();
        let found = paths_of(&json!({ "list": many }));
        let bytes: usize =
            found.iter().map(|(path, values)| path.len() + values.iter().map(String::len).sum::<usize>()).sum();
        assert!((1_000..=MOST_BYTES).contains(&bytes), "{bytes}");
    }
}
