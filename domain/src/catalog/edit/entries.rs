//! In which order the keys of an entity stand.

use serde_json::{Map, Value};

use super::tree::Entry;

/// What people look for first stands first, as in an export. One list serves every map: no two of them disagree.
const ORDER: [&str; 18] = [
    "apiVersion",
    "kind",
    "metadata",
    "spec",
    "url",
    "name",
    "namespace",
    "title",
    "icon",
    "description",
    "labels",
    "annotations",
    "tags",
    "links",
    "type",
    "lifecycle",
    "owner",
    "system",
];

/// What is in the new map alone, in order.
pub(super) fn added<'a>(
    old: &Map<String, Value>,
    new: &'a Map<String, Value>,
) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    let mut added: Vec<_> = new.iter().filter(|(key, _)| !old.contains_key(*key)).collect();
    added.sort_by_key(|(key, _)| rank(key));
    added.into_iter()
}

/// The entry that a new key stands behind; none where it comes first.
pub(super) fn before(entries: &[Entry], name: &str) -> Option<usize> {
    let rank_of = |at: &usize| rank(&entries[*at].name);
    let known = (0..entries.len()).filter(|at| rank_of(at) < ORDER.len().min(rank(name)));
    known.max_by_key(rank_of)
}

/// What is not known comes last.
fn rank(name: &str) -> usize {
    ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
}
