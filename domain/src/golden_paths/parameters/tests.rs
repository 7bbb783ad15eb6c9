use serde_json::{Value, json};

use super::*;
use crate::golden_paths::{Entry, Node, NodeKind, Page};

pub(in crate::golden_paths) fn node(value: &Value) -> Node {
    let kind = match value {
        Value::Null => NodeKind::Null,
        Value::Bool(flag) => NodeKind::Bool(*flag),
        Value::Number(number) => NodeKind::Number(number.clone()),
        Value::String(text) => NodeKind::Text(text.clone()),
        Value::Array(items) => NodeKind::List(items.iter().map(node).collect()),
        Value::Object(map) => {
            let entry =
                |(key, value): (&String, &Value)| Entry { key: key.clone(), place: Place::START, value: node(value) };
            NodeKind::Map(map.iter().map(entry).collect())
        }
    };
    Node { place: Place::START, kind }
}

pub(in crate::golden_paths) fn template(pages: &[Value]) -> Template {
    let page = |schema: &Value| Page { title: None, description: None, schema: node(schema) };
    Template {
        name: "t".into(),
        title: None,
        description: None,
        tags: vec![],
        version: None,
        strict: true,
        kind: "service".into(),
        owner: None,
        pages: pages.iter().map(page).collect(),
        steps: vec![],
        output: None,
    }
}

fn parameters(pages: &[Value]) -> Parameters {
    Parameters::of(&template(pages)).unwrap()
}

fn errors(parameters: &Parameters, given: Value) -> Vec<(String, String)> {
    let errors = parameters.complete(&given).expect_err("these values are wrong");
    errors.into_iter().map(|FieldError { pointer, message }| (pointer, message)).collect()
}

#[test]
fn all_pages_are_one_namespace_and_one_check() {
    let both = parameters(&[
        json!({"required": ["name"], "properties": {"name": {"type": "string", "minLength": 2}}}),
        json!({"properties": {"size": {"enum": ["s", "m"], "default": "s"}, "port": {"type": "integer", "maximum": 9,
            "errorMessage": {"maximum": "Nine is the most."}}}}),
    ]);
    assert_eq!(both.complete(&json!({"name": "ab"})).unwrap(), json!({"name": "ab", "size": "s"}));
    assert_eq!(
        errors(&both, json!({"size": "x", "port": 10, "a/b": 1})),
        [
            ("/a~1b".into(), "There is no parameter `a/b`: mend the name or leave it out.".into()),
            ("/name".into(), "Fill this in: it is required.".into()),
            ("/port".into(), "Nine is the most.".into()),
            ("/size".into(), "Choose one of `s`, `m`.".to_owned()),
        ]
    );
    assert_eq!(errors(&both, json!({"name": "a"}))[0].1, "Write at least 2 characters.");
    assert_eq!(errors(&both, json!([]))[0].0, "");
    assert_eq!(both.schema()["properties"]["size"]["default"], "s");
}

#[test]
fn conditions_reach_across_pages_and_bring_their_defaults() {
    let cloud = parameters(&[
        json!({"properties": {"kind": {"type": "string", "default": "vm"}}}),
        json!({"if": {"properties": {"kind": {"const": "gpu"}}},
            "then": {"required": ["cards"], "properties": {"cards": {"type": "integer"}, "days": {"default": 30}}},
            "else": {"properties": {"disk": {"default": 1}}}}),
    ]);
    assert_eq!(cloud.complete(&json!({})).unwrap(), json!({"kind": "vm", "disk": 1}));
    assert_eq!(
        cloud.complete(&json!({"kind": "gpu", "cards": 2})).unwrap(),
        json!({"kind": "gpu", "cards": 2, "days": 30})
    );
    assert_eq!(errors(&cloud, json!({"kind": "gpu"})), [("/cards".into(), "Fill this in: it is required.".to_owned())]);
}

#[test]
fn dependencies_with_alternatives_are_explained_by_the_chosen_one() {
    let data = parameters(&[json!({
        "properties": {"store": {"enum": ["none", "sql"], "default": "none"}},
        "dependencies": {"store": {"oneOf": [
            {"properties": {"store": {"const": "none"}}},
            {"properties": {"store": {"const": "sql"}, "size": {"type": "integer"}, "backup": {"default": true}},
             "required": ["size"]},
        ]}},
    })]);
    assert_eq!(data.complete(&json!({})).unwrap(), json!({"store": "none"}));
    assert_eq!(
        data.complete(&json!({"store": "sql", "size": 1})).unwrap(),
        json!({"store": "sql", "size": 1, "backup": true})
    );
    assert_eq!(errors(&data, json!({"store": "sql"})), [("/size".into(), "Fill this in: it is required.".to_owned())]);
}

#[test]
fn objects_inside_have_defaults_too() {
    let nested = parameters(&[json!({"properties": {
        "db": {"type": "object", "properties": {"name": {"default": "main"}, "size": {"type": "integer"}}},
        "bare": {"type": "object", "properties": {"x": {"type": "string"}}},
    }})]);
    assert_eq!(nested.complete(&json!({})).unwrap(), json!({"db": {"name": "main"}}));
    assert_eq!(
        errors(&nested, json!({"db": {"size": "x"}}))[0],
        ("/db/size".into(), "Give a whole number.".to_owned())
    );
}

#[test]
fn a_page_that_is_no_schema_is_refused() {
    let page = Page { title: None, description: None, schema: node(&json!({"properties": {"a": {"type": "nosuch"}}})) };
    let template = Template {
        pages: vec![page],
        ..Template {
            name: "t".into(),
            title: None,
            description: None,
            tags: vec![],
            version: None,
            strict: false,
            kind: "x".into(),
            owner: None,
            pages: vec![],
            steps: vec![],
            output: None,
        }
    };
    assert!(Parameters::of(&template).unwrap_err().message.starts_with("This is no JSON Schema"));
}
