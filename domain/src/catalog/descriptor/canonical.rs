//! Entities in one form that never changes while the entity does not.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Map, Value};

use super::envelope::{OUTPUT_ONLY, OUTPUT_ONLY_METADATA};

/// What people look for first stands first; the rest is in the order of the alphabet.
const ROOT: &[&str] = &["apiVersion", "kind", "metadata", "spec"];
const METADATA: &[&str] = &["name", "namespace", "title", "description", "labels", "annotations", "tags", "links"];
const SPEC: &[&str] = &["type", "lifecycle", "owner", "system", "domain"];
/// Lists of references mean the same in any order.
const SORTED: [&str; 7] =
    ["providesApis", "consumesApis", "dependsOn", "dependencyOf", "memberOf", "children", "members"];

/// Where the catalog of before had an entity from: it means nothing anywhere else. What people set themselves with the same
/// meaning elsewhere, such as `source-location`, stays.
const MANAGED: [&str; 3] =
    ["backstage.io/managed-by-location", "backstage.io/managed-by-origin-location", "backstage.io/orphan"];

/// Entities as one YAML text, a document each. The same entities give the same bytes.
pub fn write<'a>(documents: impl IntoIterator<Item = &'a Value>) -> String {
    let texts = documents.into_iter().map(|document| {
        let exported = sorted(unmanaged(without_output(document.clone())));
        // Maps with texts as keys, lists, numbers and texts: there is nothing here that YAML cannot say.
        serde_saphyr::to_string(&Ordered { value: &exported, part: Part::Root }).unwrap_or_default()
    });
    texts.collect::<Vec<_>>().join("---\n")
}

/// Without the fields that only catalogs write.
pub(super) fn without_output(mut document: Value) -> Value {
    let remove = |map: Option<&mut Map<String, Value>>, keys: &[&str]| {
        if let Some(map) = map {
            map.retain(|key, _| !keys.contains(&key.as_str()));
        }
    };
    remove(document.as_object_mut(), &OUTPUT_ONLY);
    remove(document.get_mut("metadata").and_then(Value::as_object_mut), &OUTPUT_ONLY_METADATA);
    document
}

fn unmanaged(mut document: Value) -> Value {
    let metadata = document.get_mut("metadata").and_then(Value::as_object_mut);
    if let Some(metadata) = metadata
        && let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut)
    {
        let before = annotations.len();
        annotations.retain(|key, _| !MANAGED.contains(&key.as_str()));
        if annotations.is_empty() && before > 0 {
            metadata.remove("annotations");
        }
    }
    document
}

fn sorted(mut document: Value) -> Value {
    for field in SORTED {
        let list = document.get_mut("spec").and_then(|spec| spec.get_mut(field)).and_then(Value::as_array_mut);
        if let Some(list) = list.filter(|list| list.iter().all(Value::is_string)) {
            list.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        }
    }
    document
}

#[derive(Clone, Copy)]
enum Part {
    Root,
    Metadata,
    Spec,
    Inner,
}

struct Ordered<'a> {
    value: &'a Value,
    part: Part,
}

impl Part {
    fn first(self) -> &'static [&'static str] {
        match self {
            Self::Root => ROOT,
            Self::Metadata => METADATA,
            Self::Spec => SPEC,
            Self::Inner => &[],
        }
    }

    fn below(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root, "metadata") => Self::Metadata,
            (Self::Root, "spec") => Self::Spec,
            _ => Self::Inner,
        }
    }
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(map) => {
                let mut keys: Vec<&String> = map.keys().collect();
                let rank = |key: &str| self.part.first().iter().position(|first| *first == key).unwrap_or(usize::MAX);
                keys.sort_by(|a, b| (rank(a), a).cmp(&(rank(b), b)));
                let mut written = serializer.serialize_map(Some(keys.len()))?;
                for key in keys {
                    written.serialize_entry(key, &Ordered { value: &map[key], part: self.part.below(key) })?;
                }
                written.end()
            }
            Value::Array(items) => {
                let mut written = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    written.serialize_element(&Ordered { value, part: Part::Inner })?;
                }
                written.end()
            }
            plain => plain.serialize(serializer),
        }
    }
}
