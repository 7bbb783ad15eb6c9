//! The form of a golden path: what its pages ask for, and how what was typed becomes values.
//!
//! Presentation follows Backstage: `ui:field`, `ui:widget`, `ui:help`, `ui:autofocus`, `ui:order`, `enumNames`.

mod draw;
mod kind;
mod read;
mod typed;

use serde_json::Value;

#[cfg(feature = "schema")]
use super::{Parameters, Template};
#[cfg(feature = "schema")]
use crate::error::FieldError;

pub use read::Reading;
pub use typed::Typed;

/// All pages of one path.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    pub pages: Vec<FormPage>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FormPage {
    pub title: Option<String>,
    pub description: Option<String>,
    pub fields: Vec<Field>,
}

/// One parameter as people fill it in.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Of the parameter, and what the form sends.
    pub name: String,
    pub label: String,
    /// What to write: full sentences of the path, then the range of numbers.
    pub help: Option<String>,
    pub kind: FieldKind,
    pub is_required: bool,
    /// Counts only with some values of other fields.
    pub is_conditional: bool,
    /// Where typing begins.
    pub is_focused: bool,
    pub default: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    Text,
    TextArea,
    Number {
        /// Without a fraction.
        is_whole: bool,
    },
    /// One of few; `is_open` shows all of them at once.
    Choice {
        options: Vec<ChoiceOption>,
        is_open: bool,
    },
    /// Any number of few.
    Choices {
        options: Vec<ChoiceOption>,
    },
    Checkbox,
    /// A reference into the catalog; `is_free` takes others too.
    Entity {
        kinds: Vec<String>,
        is_free: bool,
    },
    /// The group that will own what is made.
    Owner,
    /// A list of texts, one on each line.
    Lines,
    /// Anything that has no form of its own yet.
    Json,
    /// A secret: drafts and plans would keep it, so it is not asked for.
    Withheld,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceOption {
    pub value: Value,
    pub label: String,
}

impl ChoiceOption {
    /// What the form sends for it.
    pub fn sent(&self) -> String {
        typed::text_of(&self.value)
    }
}

impl Form {
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.pages.iter().flat_map(|page| &page.fields)
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }
}

/// What was typed as the values of the parameters, without defaults, or one error for each field.
#[cfg(feature = "schema")]
pub fn check(template: &Template, typed: &Typed) -> Result<Value, Vec<FieldError>> {
    let parameters = Parameters::of(template).map_err(|fault| vec![FieldError::new("", fault.message)])?;
    let Reading { values, mut errors } = Form::of(template).read(typed);
    let values = Value::Object(values);
    let found = parameters.complete(&values).err().unwrap_or_default();
    // A field that could not be read is missing from the values: what the schema says of it says nothing.
    let unread: Vec<String> = errors.iter().map(|error| error.pointer.clone()).collect();
    errors.extend(found.into_iter().filter(|error| !unread.contains(&error.pointer)));
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

#[cfg(test)]
#[cfg(feature = "schema")]
mod tests;
