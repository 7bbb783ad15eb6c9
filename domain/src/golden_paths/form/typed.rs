//! What was typed, exactly as it was.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Field, FieldKind, Form};

/// Names and values in the order in which a form sent them. A name can come several times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Replaces whatever was typed for a name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.into()));
    }
}

impl Form {
    /// What stands in the form before anybody has typed anything.
    pub fn defaults(&self) -> Typed {
        let pairs = self.fields().filter_map(|field| Some((field, field.default.as_ref()?)));
        Typed(pairs.flat_map(|(field, default)| field.typed(default)).collect())
    }

    /// The typing that leads to these values.
    pub fn typed(&self, values: &Value) -> Typed {
        let pairs = self.fields().filter_map(|field| Some((field, values.get(&field.name)?)));
        Typed(pairs.flat_map(|(field, value)| field.typed(value)).collect())
    }
}

impl Field {
    fn typed(&self, value: &Value) -> Vec<(String, String)> {
        let texts = match (&self.kind, value) {
            (FieldKind::Withheld, _) | (FieldKind::Checkbox, Value::Bool(false)) => vec![],
            (FieldKind::Choices { .. }, Value::Array(items)) => items.iter().map(text_of).collect(),
            (FieldKind::Lines, Value::Array(items)) => {
                vec![items.iter().map(text_of).collect::<Vec<_>>().join("\n")]
            }
            (FieldKind::Json, value) => vec![serde_json::to_string_pretty(value).unwrap_or_default()],
            (_, value) => vec![text_of(value)],
        };
        texts.into_iter().map(|text| (self.name.clone(), text)).collect()
    }
}

/// Texts stand for themselves, everything else is written as JSON.
pub(super) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
