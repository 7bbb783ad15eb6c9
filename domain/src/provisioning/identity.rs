//! The marks by which our objects are known, and whether a namespace that was found is ours.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::NamespaceIntent;

/// The one field manager of server-side apply, for every replica and version of the platform.
pub const FIELD_MANAGER: &str = "waymark";
/// Selects everything that this installation manages.
pub const INSTANCE_LABEL: &str = "waymark.dev/instance";
pub const NAMESPACE_ID_LABEL: &str = "waymark.dev/namespace-id";
/// On the Namespace alone: on every object, each change of intent would rewrite all twelve.
pub const REVISION_ANNOTATION: &str = "waymark.dev/intent-revision";
pub const SPEC_HASH_ANNOTATION: &str = "waymark.dev/spec-hash";

pub(super) const MANAGED_BY_LABEL: &str = "app.kubernetes.io/managed-by";
/// The shape of the objects, raised when the renderer changes what it writes.
const TEMPLATE: &str = "namespace@1";

/// What a namespace of that name is to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not there and never was.
    Absent,
    /// It was ours and somebody deleted it: what it held is gone, so making an empty one is for people to decide.
    Lost,
    Ours {
        uid: String,
        /// The revision that the namespace itself says it has.
        revision: i64,
    },
    /// There, and made by somebody else.
    Foreign,
    /// Deleted and made again by somebody else.
    Replaced {
        uid: String,
    },
    Terminating {
        uid: String,
    },
}

/// Labels can be forged, so a recorded uid decides; before there is one, all three marks must match.
pub fn standing(intent: &NamespaceIntent, recorded_uid: Option<&str>, live: Option<&Value>) -> Standing {
    let Some(live) = live else {
        return if recorded_uid.is_some() { Standing::Lost } else { Standing::Absent };
    };
    let metadata = &live["metadata"];
    let uid = metadata["uid"].as_str().unwrap_or_default().to_owned();
    let ours = match recorded_uid {
        Some(recorded) => recorded == uid,
        None => carries_our_marks(&metadata["labels"], intent),
    };
    match (ours, recorded_uid.is_some(), metadata["deletionTimestamp"].is_string()) {
        (true, _, true) => Standing::Terminating { uid },
        (true, _, false) => Standing::Ours { uid, revision: revision_of(metadata) },
        (false, true, _) => Standing::Replaced { uid },
        (false, false, _) => Standing::Foreign,
    }
}

/// Wraps a body with everything that says whose it is; `role` is the object's place in the set, such as `quota-gpu`.
pub(super) fn with_identity(intent: &NamespaceIntent, role: &str, name: &str, body: Value) -> Value {
    let mut annotations = Map::from_iter([("waymark.dev/template".to_owned(), TEMPLATE.into())]);
    let mut labels: Map<String, Value> =
        identity_labels(intent, role).into_iter().map(|(k, v)| (k, v.into())).collect();
    let mut body = body;
    take_map(&mut body, "labels", &mut labels);
    take_map(&mut body, "annotations", &mut annotations);
    let mut metadata = json!({ "name": name, "labels": labels, "annotations": annotations });
    if body["kind"] != "Namespace" {
        metadata["namespace"] = intent.name.as_str().into();
    }
    body["metadata"] = metadata;
    let hash = hash(&body);
    body["metadata"]["annotations"][SPEC_HASH_ANNOTATION] = hash.into();
    body
}

fn identity_labels(intent: &NamespaceIntent, role: &str) -> BTreeMap<String, String> {
    let id = |id: Uuid| id.to_string();
    [
        (MANAGED_BY_LABEL, FIELD_MANAGER.to_owned()),
        ("app.kubernetes.io/part-of", intent.team.clone()),
        ("app.kubernetes.io/name", intent.service.clone()),
        ("app.kubernetes.io/component", "tenancy".to_owned()),
        (INSTANCE_LABEL, id(intent.instance)),
        (NAMESPACE_ID_LABEL, id(intent.id)),
        ("waymark.dev/team", intent.team.clone()),
        ("waymark.dev/service", intent.service.clone()),
        ("waymark.dev/environment", intent.environment.clone()),
        ("waymark.dev/object", role.to_owned()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

fn carries_our_marks(labels: &Value, intent: &NamespaceIntent) -> bool {
    labels[MANAGED_BY_LABEL] == FIELD_MANAGER
        && labels[INSTANCE_LABEL] == intent.instance.to_string()
        && labels[NAMESPACE_ID_LABEL] == intent.id.to_string()
}

fn revision_of(metadata: &Value) -> i64 {
    metadata["annotations"][REVISION_ANNOTATION].as_str().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn take_map(body: &mut Value, key: &str, into: &mut Map<String, Value>) {
    if let Some(Value::Object(more)) = body.as_object_mut().and_then(|body| body.remove(key)) {
        into.extend(more);
    }
}

fn hash(body: &Value) -> String {
    let digest = Sha256::digest(sorted(body).to_string());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// Keys are sorted here and not left to the map type: a dependency may switch it to insertion order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let by_key: BTreeMap<&String, Value> = map.iter().map(|(k, v)| (k, sorted(v))).collect();
            by_key.into_iter().map(|(k, v)| (k.clone(), v)).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::render::tests::intent;
    use super::*;

    fn live(uid: &str, marks: Value) -> Value {
        json!({ "metadata": { "uid": uid, "labels": marks } })
    }

    fn our_marks() -> Value {
        let intent = intent();
        json!({ MANAGED_BY_LABEL: "waymark", INSTANCE_LABEL: intent.instance, NAMESPACE_ID_LABEL: intent.id })
    }

    #[test]
    fn a_recorded_uid_outweighs_labels() {
        let ours = Standing::Ours { uid: "u1".into(), revision: 0 };
        assert_eq!(standing(&intent(), Some("u1"), Some(&live("u1", json!({})))), ours, "labels were removed");
        let replaced = Standing::Replaced { uid: "u2".into() };
        assert_eq!(standing(&intent(), Some("u1"), Some(&live("u2", our_marks()))), replaced, "labels were copied");
        assert_eq!(standing(&intent(), Some("u1"), None), Standing::Lost);
    }

    #[test]
    fn without_a_uid_all_marks_must_match() {
        assert_eq!(standing(&intent(), None, None), Standing::Absent);
        assert_eq!(
            standing(&intent(), None, Some(&live("u1", our_marks()))),
            Standing::Ours { uid: "u1".into(), revision: 0 }
        );
        for mark in [MANAGED_BY_LABEL, INSTANCE_LABEL, NAMESPACE_ID_LABEL] {
            let mut marks = our_marks();
            marks[mark] = "other".into();
            assert_eq!(standing(&intent(), None, Some(&live("u1", marks))), Standing::Foreign, "{mark}");
        }
    }

    #[test]
    fn a_dying_namespace_is_left_alone() {
        let mut dying = live("u1", our_marks());
        dying["metadata"]["deletionTimestamp"] = "2026-11-21T09:00:00Z".into();
        assert_eq!(standing(&intent(), Some("u1"), Some(&dying)), Standing::Terminating { uid: "u1".into() });
    }
}
