//! Who last wrote a field, as far as the object itself says. Anybody can wipe this record, so it names and never decides.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::FIELD_MANAGER;

/// One entry of `metadata.managedFields`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manager {
    /// What the client called itself, such as `kubectl-edit`; not the user.
    pub name: String,
    /// `Apply` or `Update`.
    pub operation: String,
    /// RFC 3339, as the server wrote it.
    pub at: String,
}

/// The last one beside us who wrote the field at `path`.
pub fn manager_of(object: &Value, path: &[String]) -> Option<Manager> {
    latest(object, |entry| owns(&entry["fieldsV1"], path))
}

/// The last one beside us who wrote anything in the object.
pub fn last_manager(object: &Value) -> Option<Manager> {
    latest(object, |_| true)
}

fn latest(object: &Value, wanted: impl Fn(&Value) -> bool) -> Option<Manager> {
    let entries = object["metadata"]["managedFields"].as_array()?;
    entries
        .iter()
        .filter(|entry| entry["manager"] != FIELD_MANAGER && entry["subresource"].is_null() && wanted(entry))
        .map(|entry| Manager {
            name: entry["manager"].as_str().unwrap_or_default().to_owned(),
            operation: entry["operation"].as_str().unwrap_or_default().to_owned(),
            at: entry["time"].as_str().unwrap_or_default().to_owned(),
        })
        .max_by(|a, b| a.at.cmp(&b.at))
}

/// `fieldsV1` is a tree of `f:<key>`; a leaf stands for everything below it.
fn owns(fields: &Value, path: &[String]) -> bool {
    let mut place = fields;
    for segment in path {
        let Some(next) = place.get(format!("f:{segment}")) else {
            let is_leaf = place.as_object().is_some_and(serde_json::Map::is_empty);
            return is_leaf && !std::ptr::eq(place, fields);
        };
        place = next;
    }
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object() -> Value {
        let entry = |manager: &str, time: &str, fields: Value| json!({ "manager": manager, "operation": "Update", "time": time, "fieldsV1": fields });
        json!({ "metadata": { "managedFields": [
            entry("waymark", "2026-11-21T12:00:00Z", json!({ "f:spec": { "f:hard": { "f:requests.nvidia.com/gpu": {} } } })),
            entry("kubectl-edit", "2026-11-21T10:00:00Z", json!({ "f:spec": { "f:hard": { "f:requests.nvidia.com/gpu": {} } } })),
            entry("other", "2026-11-21T11:00:00Z", json!({ "f:spec": { "f:hard": { "f:pods": {} } } })),
            entry("rules", "2026-11-21T09:00:00Z", json!({ "f:spec": { "f:podSelector": {} } })),
        ] } })
    }

    fn path(text: &[&str]) -> Vec<String> {
        text.iter().map(|s| (*s).to_owned()).collect()
    }

    #[test]
    fn names_who_wrote_the_field_and_never_ourselves() {
        let name = |p: &[&str]| manager_of(&object(), &path(p)).map(|m| m.name);
        assert_eq!(name(&["spec", "hard", "requests.nvidia.com/gpu"]), Some("kubectl-edit".into()));
        assert_eq!(name(&["spec", "hard", "pods"]), Some("other".into()));
        assert_eq!(name(&["spec", "podSelector", "matchLabels"]), Some("rules".into()), "an atomic map is a leaf");
        assert_eq!(name(&["spec", "scopes"]), None);
        assert_eq!(last_manager(&object()).map(|m| m.name), Some("other".into()));
    }

    #[test]
    fn a_wiped_record_names_nobody() {
        for wiped in [json!({}), json!({ "metadata": { "managedFields": [{}] } })] {
            assert_eq!(manager_of(&wiped, &path(&["spec"])), None);
        }
    }
}
