//! Predicates as JSON, `{"kind": "component", "spec.type": {"$in": ["service", "website"]}}`
//! (`@backstage/filter-predicates` 0.1).

use serde_json::{Map, Value};

use super::{Predicate, Test, paths::plain_text};

/// Deeper and larger questions are made by mistake.
const MOST_DEPTH: usize = 16;
const MOST_PARTS: usize = 1_000;

/// Reads a predicate; what is wrong with it is said in full sentences.
pub fn predicate(value: &Value) -> Result<Predicate, String> {
    let mut parts = 0;
    part(value, 0, &mut parts)
}

fn part(value: &Value, depth: usize, parts: &mut usize) -> Result<Predicate, String> {
    *parts += 1;
    if depth > MOST_DEPTH || *parts > MOST_PARTS {
        return Err(format!("A query has at most {MOST_PARTS} parts, {MOST_DEPTH} within each other. Ask for less."));
    }
    let Value::Object(map) = value else {
        return Err("Write each part of a query as an object, such as {\"kind\": \"component\"}.".into());
    };
    let Some((operator, operand)) = map.iter().find(|(key, _)| key.starts_with('$')) else {
        return conditions(map, parts);
    };
    if map.len() > 1 {
        return Err(format!(
            "`{operator}` stands alone in its object. Put the other conditions beside it with `$all`."
        ));
    }
    let mut list = || match operand {
        Value::Array(items) => items.iter().map(|item| part(item, depth + 1, parts)).collect::<Result<Vec<_>, _>>(),
        _ => Err(format!("Write a list after `{operator}`.")),
    };
    match operator.as_str() {
        "$all" => Ok(Predicate::All(list()?)),
        "$any" => Ok(Predicate::Any(list()?)),
        "$not" => Ok(Predicate::Not(Box::new(part(operand, depth + 1, parts)?))),
        _ => Err(format!("`{operator}` is not known here. Write a field, `$all`, `$any` or `$not`.")),
    }
}

fn conditions(map: &Map<String, Value>, parts: &mut usize) -> Result<Predicate, String> {
    *parts += map.len();
    map.iter().map(|(path, test)| condition(path, test)).collect::<Result<Vec<_>, _>>().map(Predicate::All)
}

fn condition(path: &str, test: &Value) -> Result<Predicate, String> {
    let lower = path.to_lowercase();
    if let Some(text) = lower_text(test) {
        return Ok(Predicate::At(lower, Test::OneOf(vec![text])));
    }
    let unknown = || {
        format!(
            "Compare `{path}` with a text, a number, a truth value, or by `$exists`, `$in`, `$hasPrefix` or `$contains`."
        )
    };
    let Some((operator, operand)) = test.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next())
    else {
        return Err(unknown());
    };
    let test = match (operator.as_str(), operand) {
        ("$exists", Value::Bool(true)) => Test::Exists,
        ("$exists", Value::Bool(false)) => {
            return Ok(Predicate::Not(Box::new(Predicate::At(lower, Test::Exists))));
        }
        ("$in", Value::Array(items)) => {
            Test::OneOf(items.iter().map(lower_text).collect::<Option<_>>().ok_or_else(unknown)?)
        }
        ("$hasPrefix", Value::String(prefix)) => Test::Prefix(prefix.to_lowercase()),
        ("$contains", Value::Object(relation)) if lower == "relations" => return related(relation),
        ("$contains", item) => Test::OneOf(vec![lower_text(item).ok_or_else(unknown)?]),
        _ => return Err(unknown()),
    };
    Ok(Predicate::At(lower, test))
}

/// `{"type": "ownedBy", "targetRef": "group:default/payments"}`
fn related(relation: &Map<String, Value>) -> Result<Predicate, String> {
    let wrong = || {
        "Write a relation as {\"type\": \"ownedBy\", \"targetRef\": \"group:default/payments\"}, the target as one text or \
         as a list after `$in`, or leave it out."
            .to_owned()
    };
    let (mut name, mut test) = (None, Test::Exists);
    for (key, value) in relation {
        match key.to_lowercase().as_str() {
            "type" => name = value.as_str().map(str::to_lowercase),
            "targetref" => test = targets(value).ok_or_else(wrong)?,
            _ => return Err(wrong()),
        }
    }
    Ok(Predicate::At(format!("relations.{}", name.ok_or_else(wrong)?), test))
}

fn targets(value: &Value) -> Option<Test> {
    let lower = |value: &Value| value.as_str().map(str::to_lowercase);
    match value {
        Value::String(_) => Some(Test::OneOf(vec![lower(value)?])),
        Value::Object(map) if map.len() == 1 => {
            Some(Test::OneOf(map.get("$in")?.as_array()?.iter().map(lower).collect::<Option<_>>()?))
        }
        _ => None,
    }
}

fn lower_text(value: &Value) -> Option<String> {
    plain_text(value).map(|text| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(path: &str, test: Test) -> Predicate {
        Predicate::At(path.into(), test)
    }

    fn one_of(values: &[&str]) -> Test {
        Test::OneOf(values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn each_operator_is_read() {
        for (value, read) in [
            (json!({}), Predicate::everything()),
            (json!({"Kind": "Component"}), Predicate::All(vec![at("kind", one_of(&["component"]))])),
            (json!({"a": 7}), Predicate::All(vec![at("a", one_of(&["7"]))])),
            (json!({"a": true}), Predicate::All(vec![at("a", one_of(&["true"]))])),
            (json!({"a": {"$exists": true}}), Predicate::All(vec![at("a", Test::Exists)])),
            (json!({"a": {"$exists": false}}), Predicate::All(vec![Predicate::Not(Box::new(at("a", Test::Exists)))])),
            (json!({"a": {"$in": ["B", 1]}}), Predicate::All(vec![at("a", one_of(&["b", "1"]))])),
            (json!({"a": {"$hasPrefix": "Bc"}}), Predicate::All(vec![at("a", Test::Prefix("bc".into()))])),
            (
                json!({"metadata.tags": {"$contains": "Java"}}),
                Predicate::All(vec![at("metadata.tags", one_of(&["java"]))]),
            ),
            (
                json!({"relations": {"$contains": {"type": "ownedBy", "targetRef": {"$in": ["group:default/A"]}}}}),
                Predicate::All(vec![at("relations.ownedby", one_of(&["group:default/a"]))]),
            ),
            (
                json!({"relations": {"$contains": {"type": "partOf"}}}),
                Predicate::All(vec![at("relations.partof", Test::Exists)]),
            ),
            (json!({"$any": []}), Predicate::Any(vec![])),
            (json!({"$not": {"$all": [{}]}}), Predicate::Not(Box::new(Predicate::All(vec![Predicate::everything()])))),
        ] {
            assert_eq!(predicate(&value), Ok(read), "{value}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_in_words() {
        let deep = (0..20).fold(json!({"a": "b"}), |inner, _| json!({"$not": inner}));
        let wide = json!({"$all": (0..1_001).map(|_| json!({"a": "b"})).collect::<Vec<_>>()});
        for value in [
            json!("a"),
            json!([]),
            json!(null),
            json!({"$all": {"a": "b"}}),
            json!({"$all": ["a"]}),
            json!({"$not": {"a": "b"}, "c": "d"}),
            json!({"$nor": []}),
            json!({"a": null}),
            json!({"a": ["b"]}),
            json!({"a": {}}),
            json!({"a": {"$exists": 1}}),
            json!({"a": {"$in": "b"}}),
            json!({"a": {"$in": [["b"]]}}),
            json!({"a": {"$contains": {"type": "b"}}}),
            json!({"a": {"$in": ["b"], "$exists": true}}),
            json!({"relations": {"$contains": {"targetRef": "a"}}}),
            json!({"relations": {"$contains": {"type": "a", "more": "b"}}}),
            json!({"relations": {"$contains": {"type": "a", "targetRef": 1}}}),
            deep,
            wide,
        ] {
            assert!(predicate(&value).is_err_and(|words| words.ends_with('.')), "{value}");
        }
    }
}
