//! What a document has to say once a change is made.

use serde_json::{Map, Value};

use super::change::{Change, Edit, Link};

/// Why a change cannot be made to a document, whatever its style.
pub(super) struct Elsewhere(pub(super) [&'static str; 2]);

/// The document with the change. Fails where a field stands in another file (`$text`).
pub(super) fn document(mut document: Value, change: &Change) -> Result<Value, Elsewhere> {
    let links = change.links.as_ref().map(|edit| match edit {
        Edit::Set(links) => Edit::Set(taken_over(&document["metadata"]["links"], links)),
        Edit::Remove => Edit::Remove,
    });
    let text = |edit: &Option<Edit<String>>| edit.as_ref().map(value);
    let changes = [
        (["metadata", "title"], text(&change.title)),
        (["metadata", "description"], text(&change.description)),
        (["metadata", "tags"], change.tags.as_ref().map(value)),
        (["metadata", "links"], links.as_ref().map(value)),
        (["spec", "owner"], text(&change.owner)),
    ];
    for (path, edit) in changes.into_iter().filter_map(|(path, edit)| Some((path, edit?))) {
        set(&mut document, path, edit)?;
    }
    Ok(document)
}

fn value<T: Clone + Into<Value>>(edit: &Edit<T>) -> Option<Value> {
    match edit {
        Edit::Set(value) => Some(value.clone().into()),
        Edit::Remove => None,
    }
}

fn set(document: &mut Value, path: [&'static str; 2], new: Option<Value>) -> Result<(), Elsewhere> {
    let [outer, key] = path;
    let Some(root) = document.as_object_mut() else { return Ok(()) };
    let Some(new) = new else {
        let inner = root.get_mut(outer).and_then(Value::as_object_mut);
        return match inner.and_then(|inner| inner.remove(key)) {
            Some(old) if stands_elsewhere(&old) => Err(Elsewhere(path)),
            _ => Ok(()),
        };
    };
    let inner = root.entry(outer).or_insert_with(|| Value::Object(Map::new()));
    if stands_elsewhere(inner) {
        return Err(Elsewhere(path));
    }
    let Some(inner) = inner.as_object_mut() else { return Err(Elsewhere(path)) };
    match inner.insert(key.to_owned(), new) {
        Some(old) if stands_elsewhere(&old) => Err(Elsewhere(path)),
        _ => Ok(()),
    }
}

/// A map whose only key begins with `$`, or a list that holds one.
fn stands_elsewhere(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.len() == 1 && map.keys().all(|key| key.starts_with('$')),
        Value::Array(items) => items.iter().any(stands_elsewhere),
        _ => false,
    }
}

/// Links with what the file says of them besides.
fn taken_over(old: &Value, links: &[Link]) -> Vec<Value> {
    let mut left: Vec<&Value> = old.as_array().into_iter().flatten().collect();
    let mut found: Vec<Option<&Value>> = vec![None; links.len()];
    let is_same_address = |old: &Link, new: &Link| old.url == new.url;
    let is_same_title = |old: &Link, new: &Link| !new.title.is_empty() && old.title == new.title;
    for is_same in [is_same_address as fn(&Link, &Link) -> bool, is_same_title] {
        for (link, found) in links.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            if let Some(at) = left.iter().position(|old| is_same(&Link::of(old), link)) {
                *found = Some(left.remove(at));
            }
        }
    }
    links.iter().zip(found).map(|(link, old)| written(link, old)).collect()
}

fn written(link: &Link, old: Option<&Value>) -> Value {
    let mut map = old.and_then(Value::as_object).cloned().unwrap_or_default();
    for (key, part) in Link::KEYS.into_iter().zip(link.parts()) {
        if part.is_empty() {
            map.remove(key);
        } else {
            map.insert(key.to_owned(), Value::from(part));
        }
    }
    Value::Object(map)
}
