//! Parameters against the pages' JSON Schema, all pages at once, with the defaults filled in.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::{Place, Template};
use crate::error::{FieldError, pointer};

#[cfg(test)]
pub(super) mod tests;
mod words;

/// The compiled schema of one template.
#[derive(Debug)]
pub struct Parameters {
    schema: Value,
    validator: Validator,
    names: Vec<String>,
}

/// A page holds what is no JSON Schema.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SchemaFault {
    pub place: Place,
    pub message: String,
}

const CONDITIONS: [&str; 8] = ["if", "then", "else", "allOf", "anyOf", "oneOf", "dependencies", "not"];

impl Parameters {
    pub fn of(template: &Template) -> Result<Self, SchemaFault> {
        for page in &template.pages {
            compile(&page.schema.to_value())
                .map_err(|error| SchemaFault { place: page.schema.place, message: broken(&error) })?;
        }
        let pages: Vec<Value> = template.pages.iter().map(|page| page.schema.to_value()).collect();
        let schema = merged(&pages);
        let validator =
            compile(&schema).map_err(|error| SchemaFault { place: Place::START, message: broken(&error) })?;
        let names = template.parameters().into_iter().map(|(name, _)| name.to_owned()).collect();
        Ok(Self { schema, validator, names })
    }

    /// One schema for all pages: JSON Schema draft 7 with Backstage's `ui:` keys.
    pub fn schema(&self) -> &Value {
        &self.schema
    }

    /// The values with their defaults, or one error for each field that does not hold what it should.
    pub fn complete(&self, given: &Value) -> Result<Value, Vec<FieldError>> {
        let Value::Object(given) = given else {
            return Err(vec![FieldError::new("", "Send the parameters as an object.")]);
        };
        let mut values = given.clone();
        fill(&self.schema, &mut values, DEPTH);
        let values = Value::Object(values);
        let mut errors: Vec<FieldError> =
            given.keys().filter(|name| !self.names.contains(name)).map(|name| unknown(name)).collect();
        for error in self.validator.iter_errors(&values) {
            self.explain(&error, &mut errors);
        }
        if errors.is_empty() {
            return Ok(values);
        }
        errors.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        errors.dedup_by(|a, b| a.pointer == b.pointer);
        Err(errors)
    }

    /// Alternatives are explained by the branch that the values come closest to.
    fn explain(&self, error: &ValidationError<'_>, errors: &mut Vec<FieldError>) {
        if let ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } = error.kind() {
            let is_choice = |e: &ValidationError<'_>| {
                matches!(e.kind(), ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. })
            };
            let cost = |branch: &&Vec<ValidationError<'static>>| {
                (branch.iter().filter(|e| is_choice(e)).count(), branch.len())
            };
            if let Some(nearest) = context.iter().min_by_key(cost).filter(|branch| !branch.is_empty()) {
                return nearest.iter().for_each(|error| self.explain(error, errors));
            }
        }
        errors.push(words::field_error(error, &self.schema));
    }
}

fn compile(schema: &Value) -> Result<Validator, ValidationError<'static>> {
    jsonschema::options().with_draft(Draft::Draft7).build(schema)
}

fn broken(error: &ValidationError<'_>) -> String {
    format!("This is no JSON Schema at `{}`: {error}. Mend it as draft 7 says.", error.instance_path())
}

fn unknown(name: &str) -> FieldError {
    FieldError::new(pointer([name]), format!("There is no parameter `{name}`: mend the name or leave it out."))
}

fn merged(pages: &[Value]) -> Value {
    let (mut properties, mut required, mut all) = (Map::new(), Vec::new(), Vec::new());
    for page in pages {
        for (name, schema) in page["properties"].as_object().into_iter().flatten() {
            if properties.insert(name.clone(), schema.clone()).is_some_and(|earlier| earlier != *schema) {
                all.push(json!({ "properties": { name: schema } }));
            }
        }
        required.extend(page["required"].as_array().into_iter().flatten().cloned());
        let conditions = CONDITIONS.iter().filter_map(|key| Some(((*key).to_owned(), page.get(*key)?.clone())));
        let conditions: Map<String, Value> = conditions.collect();
        if !conditions.is_empty() {
            all.push(Value::Object(conditions));
        }
    }
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
        "properties": properties, "required": required,
    });
    if !all.is_empty() {
        schema["allOf"] = Value::Array(all);
    }
    schema
}

/// Deeper schemas have no defaults for us; a schema that refers to itself would have no end.
const DEPTH: usize = 8;

/// Defaults of the properties, then of the conditions that hold with them.
fn fill(schema: &Value, values: &mut Map<String, Value>, depth: usize) {
    if depth == 0 {
        return;
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if !values.contains_key(name) {
            if let Some(default) = property.get("default") {
                values.insert(name.clone(), default.clone());
            } else if property.get("properties").is_some() {
                values.insert(name.clone(), json!({}));
            }
        }
        if let Some(Value::Object(inner)) = values.get_mut(name) {
            fill(property, inner, depth - 1);
            if inner.is_empty() && property.get("default").is_none() {
                values.remove(name);
            }
        }
    }
    for part in active(schema, values) {
        fill(part, values, depth - 1);
    }
}

/// The parts of a schema that hold for these values beside its properties.
fn active<'a>(schema: &'a Value, values: &Map<String, Value>) -> Vec<&'a Value> {
    let instance = Value::Object(values.clone());
    let holds = |part: &Value| compile(part).is_ok_and(|validator| validator.is_valid(&instance));
    let mut parts: Vec<&Value> = schema["allOf"].as_array().into_iter().flatten().collect();
    if let Some(condition) = schema.get("if") {
        parts.extend(schema.get(if holds(condition) { "then" } else { "else" }));
    }
    for key in ["oneOf", "anyOf"] {
        let branches = schema[key].as_array().into_iter().flatten();
        parts.extend(branches.filter(|branch| holds(&chosen_by(branch))).take(1));
    }
    for (name, part) in schema["dependencies"].as_object().into_iter().flatten() {
        parts.extend(values.contains_key(name).then_some(part).filter(|part| part.is_object()));
    }
    parts
}

/// What of a branch tells it from the others: its fixed values, without what it goes on to ask for.
fn chosen_by(branch: &Value) -> Value {
    let fixed = |(_, property): &(&String, &Value)| property.get("const").or(property.get("enum")).is_some();
    let properties = branch["properties"].as_object().into_iter().flatten().filter(fixed);
    let properties: Map<String, Value> = properties.map(|(name, property)| (name.clone(), property.clone())).collect();
    json!({ "properties": properties })
}
