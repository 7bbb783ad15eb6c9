//! What a fact says: JSON with exact numbers.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::number::{self, Exact};

/// The value of a fact, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Exact),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn count(count: u64) -> Self {
        Self::Number(number::whole(count))
    }

    /// The part that a path leads to; `None` where it leaves what was collected.
    pub(super) fn walk(&self, path: &[String]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| match value {
            Self::Map(map) => map.get(key),
            _ => None,
        })
    }
}

/// Numbers of `serde_json` keep the digits they were written with, up to what a double can tell apart.
impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Bool(flag),
            serde_json::Value::Number(number) => number::decimal(&number.to_string()).map_or(Self::Null, Self::Number),
            serde_json::Value::String(text) => Self::Text(text),
            serde_json::Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            serde_json::Value::Object(map) => {
                Self::Map(map.into_iter().map(|(key, value)| (key, Self::from(value))).collect())
            }
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => {
                let text = number::text(number);
                match serde_json::from_str::<serde_json::Number>(&text) {
                    Ok(number) => number.serialize(serializer),
                    Err(_) => serializer.serialize_str(&text),
                }
            }
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_goes_in_and_out_unchanged() {
        let document = json!({"a": [1, 2.5, -0.125, null, true, "x"], "b": {"c": 9007199254740993_u64}});
        assert_eq!(serde_json::to_value(Value::from(document.clone())).unwrap(), document);
    }

    #[test]
    fn a_path_ends_where_nothing_was_collected() {
        let value = Value::from(json!({"a": {"b": 1, "n": null}}));
        let at = |path: &[&str]| value.walk(&path.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>()).cloned();
        assert_eq!(at(&["a", "b"]), Some(Value::count(1)));
        assert_eq!(at(&["a", "n"]), Some(Value::Null));
        assert_eq!(at(&["a", "b", "c"]), None);
        assert_eq!(at(&["x"]), None);
        assert_eq!(at(&[]), Some(value.clone()));
    }
}
