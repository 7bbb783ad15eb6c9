//! What is wrong with a value, in words for the person who entered it.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use crate::error::{FieldError, pointer};

/// The path's own words (`errorMessage`, by keyword) go before ours.
pub(super) fn field_error(error: &ValidationError<'_>, schema: &Value) -> FieldError {
    let mut place = error.instance_path().to_string();
    if let ValidationErrorKind::Required { property: Value::String(name) } = error.kind() {
        place.push_str(&pointer([name.as_str()]));
    }
    let own = own_words(error, schema);
    FieldError::new(place, own.unwrap_or_else(|| words(error.kind())))
}

fn own_words(error: &ValidationError<'_>, schema: &Value) -> Option<String> {
    let keyword = error.kind().keyword();
    let at = error.schema_path().to_string();
    let parent = schema.pointer(at.get(..at.rfind('/')?)?)?;
    Some(parent.get("errorMessage")?.get(keyword)?.as_str()?.to_owned())
}

fn words(kind: &ValidationErrorKind) -> String {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Required { .. } => "Fill this in: it is required.".into(),
        Kind::Type { kind } => format!("Give {}.", of_type(kind)),
        Kind::Enum { options } => format!("Choose one of {}.", list(options)),
        Kind::Constant { expected_value } => format!("Only {} is possible here.", shown(expected_value)),
        Kind::MinLength { limit: 1 } => "Fill this in: it may not be empty.".into(),
        Kind::MinLength { limit } => format!("Write at least {limit} characters."),
        Kind::MaxLength { limit } => format!("Write at most {limit} characters."),
        Kind::Minimum { limit } => format!("Give {limit} or more."),
        Kind::Maximum { limit } => format!("Give {limit} or less."),
        Kind::ExclusiveMinimum { limit } => format!("Give more than {limit}."),
        Kind::ExclusiveMaximum { limit } => format!("Give less than {limit}."),
        Kind::MultipleOf { multiple_of } => format!("Give a multiple of {multiple_of}."),
        Kind::MinItems { limit } => format!("Choose at least {limit}."),
        Kind::MaxItems { limit } => format!("Choose at most {limit}."),
        Kind::UniqueItems => "Name each only once.".into(),
        Kind::Pattern { pattern } => format!("Write it so that it matches the pattern `{pattern}`."),
        Kind::Format { format } => format!("Write it in the format `{format}`."),
        Kind::Not { .. } | Kind::FalseSchema => "This value is not possible here: choose another one.".into(),
        Kind::AdditionalProperties { unexpected } => {
            format!("Leave out what is not known here: {}.", unexpected.join(", "))
        }
        _ => "This does not fit the other values: look at what the path says about it.".into(),
    }
}

fn of_type(kind: &TypeKind) -> String {
    let word = |name: &str| match name {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        _ => "nothing",
    };
    match kind {
        TypeKind::Single(one) => word(&one.to_string()).to_owned(),
        TypeKind::Multiple(many) => many.iter().map(|one| word(&one.to_string())).collect::<Vec<_>>().join(" or "),
    }
}

fn list(options: &Value) -> String {
    options.as_array().into_iter().flatten().map(shown).collect::<Vec<_>>().join(", ")
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| format!("`{value}`"), |text| format!("`{text}`"))
}
