//! Parts of an entity.

use serde_json::{Map, Value};

/// Nothing but the fields that are asked for, such as `metadata.name`. Keys that hold dots themselves are found too.
pub fn narrowed(entity: &Value, fields: &[String]) -> Value {
    let mut kept = Value::Object(Map::new());
    for field in fields {
        if let Some(path) = steps(entity, field) {
            copy(entity, &path, &mut kept);
        }
    }
    kept
}

/// The keys on the way to a field, the longest keys first.
fn steps<'a>(value: &Value, field: &'a str) -> Option<Vec<&'a str>> {
    let map = value.as_object()?;
    if map.contains_key(field) {
        return Some(vec![field]);
    }
    let cuts: Vec<usize> = field.match_indices('.').map(|(at, _)| at).collect();
    cuts.into_iter().rev().find_map(|at| {
        let (key, rest) = (&field[..at], &field[at + 1..]);
        let mut path = steps(map.get(key)?, rest)?;
        path.insert(0, key);
        Some(path)
    })
}

fn copy(from: &Value, path: &[&str], to: &mut Value) {
    let [key, rest @ ..] = path else { return };
    let (Some(found), Some(map)) = (from.get(key), to.as_object_mut()) else { return };
    if rest.is_empty() {
        map.insert((*key).to_owned(), found.clone());
    } else {
        copy(found, rest, map.entry(*key).or_insert_with(|| Value::Object(Map::new())));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_narrow_an_entity() {
        let annotations = json!({"a.b/c": "d", "e": "f"});
        let entity =
            json!({"kind": "Component", "metadata": {"name": "a", "annotations": annotations}, "spec": {"x": 1}});
        let fields = ["kind", "metadata.name", "metadata.annotations.a.b/c", "spec.none", "none"].map(str::to_owned);
        let kept = json!({"kind": "Component", "metadata": {"name": "a", "annotations": {"a.b/c": "d"}}});
        assert_eq!(narrowed(&entity, &fields), kept);
        assert_eq!(narrowed(&entity, &["spec".to_owned(), "spec.x".to_owned()]), json!({"spec": {"x": 1}}));
    }
}
