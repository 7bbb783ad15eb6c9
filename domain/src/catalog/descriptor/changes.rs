//! Which fields of an entity another one in its place would change.

use serde_json::{Map, Value};

/// Deeper than this a field is told as a whole.
const DEEPEST: usize = 3;

/// The paths of fields that differ, such as `metadata.description`, in the order of the alphabet.
pub fn changed_fields(before: &Value, after: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(before, after, &mut Vec::new(), &mut found);
    found
}

fn compare(before: &Value, after: &Value, path: &mut Vec<String>, found: &mut Vec<String>) {
    if before == after {
        return;
    }
    let (Some(old), Some(new)) = (before.as_object(), after.as_object()) else {
        found.push(path.join("."));
        return;
    };
    if path.len() == DEEPEST {
        found.push(path.join("."));
        return;
    }
    for key in keys(old, new) {
        path.push(key.clone());
        match (old.get(key), new.get(key)) {
            (Some(old), Some(new)) => compare(old, new, path, found),
            _ => found.push(path.join(".")),
        }
        path.pop();
    }
}

fn keys<'a>(old: &'a Map<String, Value>, new: &'a Map<String, Value>) -> Vec<&'a String> {
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::changed_fields;

    #[test]
    fn each_field_that_differs_is_named_once() {
        let before = json!({"kind": "A", "metadata": {"name": "a", "tags": ["x"], "annotations": {"a/b": "1", "c": "2"}}, "spec": {"a": {"b": {"c": 1}}, "old": 1}});
        let after = json!({"kind": "A", "metadata": {"name": "a", "tags": ["y"], "annotations": {"a/b": "2", "c": "2"}}, "spec": {"a": {"b": {"c": 2}}, "new": 1}});
        let expected = ["metadata.annotations.a/b", "metadata.tags", "spec.a.b", "spec.new", "spec.old"];
        assert_eq!(changed_fields(&before, &after), expected);
        assert!(changed_fields(&before, &before).is_empty());
        assert_eq!(changed_fields(&json!({"spec": 1}), &json!({})), ["spec"]);
    }
}
