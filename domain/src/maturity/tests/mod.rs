//! The rules of the bundle format, one table for each.

mod facts;
mod outcomes;
mod predicates;
mod reading;
mod scores;

use serde_json::{Value as Json, json};

use super::{Bundle, Doc, DocEntry, DocKind, Fault, Report, decimal, evaluate};
use crate::golden_paths::Place;

/// Each part of the document stands on a line of its own here, counted in its order.
pub(super) fn doc(json: &Json) -> Doc {
    let kind = match json {
        Json::Null => DocKind::Null,
        Json::Bool(flag) => DocKind::Bool(*flag),
        Json::Number(number) => DocKind::Number(decimal(&number.to_string()).unwrap()),
        Json::String(text) => DocKind::Text(text.clone()),
        Json::Array(items) => DocKind::List(items.iter().map(doc).collect()),
        Json::Object(map) => DocKind::Map(
            map.iter()
                .map(|(key, value)| DocEntry { key: key.clone(), place: Place::START, value: doc(value) })
                .collect(),
        ),
    };
    Doc { place: Place::START, kind }
}

pub(super) fn read(json: &Json) -> Result<Bundle, Vec<Fault>> {
    Bundle::read(&doc(json), None)
}

pub(super) fn report(json: &Json) -> Report {
    evaluate(&read(json).unwrap())
}

/// A bundle about one service with the parts that a case needs.
pub(super) fn bundle(parts: Json) -> Json {
    let mut bundle = json!({
        "apiVersion": "maturity/v1",
        "kind": "Bundle",
        "as_of": "2026-05-01T00:00:00Z",
        "subjects": [{"ref": "service:a", "kind": "service", "lifecycle": "production", "tier": 1}],
    });
    for (key, value) in parts.as_object().unwrap() {
        bundle[key] = value.clone();
    }
    bundle
}

/// A rule of level 1 in technology for services; `spec` adds to it and replaces.
pub(super) fn rule(id: &str, spec: Json) -> Json {
    let mut rule = json!({
        "apiVersion": "maturity/v1",
        "kind": "Rule",
        "metadata": {"id": id, "revision": 3},
        "spec": {"dimension": "technology", "level": 1, "subject": "service"},
    });
    for (key, value) in spec.as_object().unwrap() {
        rule["spec"][key] = value.clone();
    }
    rule
}

/// A fact about the service, an hour old.
pub(super) fn fact(name: &str, value: Json) -> Json {
    json!({"subject": "service:a", "fact": name, "value": value, "observed_at": "2026-04-30T23:00:00Z", "collector": "k8s"})
}

/// Outcome and reason of one predicate over these facts.
pub(super) fn judged(expect: Json, facts: Json) -> (String, Option<String>) {
    let bundle = bundle(json!({"rules": [rule("T-1", json!({"expect": expect}))], "facts": facts}));
    let row = serde_json::to_value(&report(&bundle).results[0]).unwrap();
    (row["outcome"].as_str().unwrap().to_owned(), row["reason"].as_str().map(str::to_owned))
}
