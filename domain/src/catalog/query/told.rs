//! An entity with what catalogs write beside what people do.

use serde_json::{Map, Value, json};

use crate::catalog::EntityRef;

/// The path that says of an entity that its origin does not describe it any more.
pub const ORPHAN: &str = "metadata.annotations.backstage.io/orphan";

/// The document with its namespace and with where it comes from. What people wrote wins.
pub fn as_told(document: &Value, reference: &EntityRef, origin: &str, file: Option<&str>) -> Value {
    let mut entity = document.as_object().cloned().unwrap_or_default();
    let mut metadata = entity.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut annotations: Map<String, Value> = locations(origin, file).into_iter().collect();
    if let Some(written) = metadata.get("annotations").and_then(Value::as_object) {
        annotations.extend(written.clone());
    }
    metadata.insert("annotations".into(), Value::Object(annotations));
    metadata.entry("name").or_insert_with(|| json!(reference.name()));
    metadata.entry("namespace").or_insert_with(|| json!(reference.namespace()));
    entity.entry("kind").or_insert_with(|| json!(reference.kind()));
    entity.insert("metadata".into(), Value::Object(metadata));
    Value::Object(entity)
}

/// Locations are written as `type:target`; a file that another one led to is named itself.
fn locations(origin: &str, file: Option<&str>) -> [(String, Value); 2] {
    let location = match (origin.split_once(':'), file) {
        (Some(("file", _)), Some(file)) => format!("file:{file}"),
        _ => origin.to_owned(),
    };
    [
        ("backstage.io/managed-by-location".to_owned(), json!(location)),
        ("backstage.io/managed-by-origin-location".to_owned(), json!(origin)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_wins() {
        let reference = "component:default/a".parse().unwrap();
        let written = json!({"kind": "Component", "metadata": {"name": "A", "annotations": {"x": "y", "backstage.io/managed-by-location": "url:https://a.example"}}});
        let told = as_told(&written, &reference, "file:all.yaml", Some("a/catalog-info.yaml"));
        let annotations = &told["metadata"]["annotations"];
        assert_eq!(annotations["backstage.io/managed-by-location"], "url:https://a.example");
        assert_eq!(annotations["backstage.io/managed-by-origin-location"], "file:all.yaml");
        assert_eq!((&annotations["x"], &told["metadata"]["namespace"]), (&json!("y"), &json!("default")));
        let bare = as_told(&json!({}), &reference, "run:1", None);
        assert_eq!(bare["metadata"]["annotations"]["backstage.io/managed-by-location"], "run:1");
        assert_eq!((&bare["kind"], &bare["metadata"]["name"]), (&json!("component"), &json!("a")));
        let file = as_told(&json!({}), &reference, "file:all.yaml", Some("b.yaml"));
        assert_eq!(file["metadata"]["annotations"]["backstage.io/managed-by-location"], "file:b.yaml");
    }
}
