//! From what was typed to values of the schema's types. Whether the values are any good is said by the schema.

use serde_json::{Map, Value};

use super::{ChoiceOption, Field, FieldKind, Form, Typed};
use crate::{
    error::{FieldError, pointer},
    plain_number,
};

/// What could be read, and what could not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Of the fields that hold something. Defaults of others are filled in by the schema.
    pub values: Map<String, Value>,
    pub errors: Vec<FieldError>,
}

impl Form {
    /// Reads every field. Names that the form does not have are errors too.
    pub fn read(&self, typed: &Typed) -> Reading {
        let mut reading = Reading::default();
        for field in self.fields() {
            let given: Vec<&str> = typed.all(&field.name).collect();
            match field.read(&given) {
                Ok(Some(value)) => {
                    reading.values.insert(field.name.clone(), value);
                }
                Ok(None) => {}
                Err(message) => reading.errors.push(FieldError::new(pointer([field.name.as_str()]), message)),
            }
        }
        let mut foreign: Vec<&str> = typed.pairs().iter().map(|(name, _)| name.as_str()).collect();
        foreign.retain(|name| self.field(name).is_none());
        foreign.dedup();
        for name in foreign {
            let message =
                format!("There is no field `{name}` in this form: open the form again and send it from there.");
            reading.errors.push(FieldError::new(pointer([name]), message));
        }
        reading
    }
}

type Read = Result<Option<Value>, String>;

impl Field {
    fn read(&self, given: &[&str]) -> Read {
        match (&self.kind, given) {
            (FieldKind::Withheld, []) => Ok(None),
            (FieldKind::Withheld, _) => Err("Secrets are not taken here: leave this out.".to_owned()),
            (FieldKind::Checkbox, []) => Ok(Some(false.into())),
            (FieldKind::Choices { options }, given) => self.read_choices(options, given),
            (_, []) => Ok(None),
            (kind, [one]) => self.read_one(kind, one),
            (_, _) => Err("This came more than once: fill it in once.".to_owned()),
        }
    }

    fn read_one(&self, kind: &FieldKind, typed: &str) -> Read {
        // Left empty on purpose is not the same as not asked: a default does not come back by itself.
        let is_left_out = typed.trim().is_empty() && self.default.is_none();
        match kind {
            FieldKind::Number { is_whole } if !is_left_out || self.is_required => {
                plain_number::read(typed, *is_whole).map(|number| Some(number.into()))
            }
            FieldKind::Checkbox if typed == "true" => Ok(Some(true.into())),
            FieldKind::Checkbox => Err("Tick this box or leave it empty.".to_owned()),
            _ if is_left_out => Ok(None),
            FieldKind::Choice { options, .. } => chosen(options, typed).map(Some),
            FieldKind::Lines => lines(typed),
            FieldKind::Json => json(typed),
            FieldKind::TextArea => text(&typed.replace("\r\n", "\n"), |c| c == '\n' || c == '\t'),
            _ => text(typed.trim(), |_| false),
        }
    }

    fn read_choices(&self, options: &[ChoiceOption], given: &[&str]) -> Read {
        if given.is_empty() && self.default.is_none() && !self.is_required {
            return Ok(None);
        }
        given.iter().map(|one| chosen(options, one)).collect::<Result<_, _>>().map(Some)
    }
}

fn chosen(options: &[ChoiceOption], typed: &str) -> Result<Value, String> {
    let found = options.iter().find(|option| option.sent() == typed);
    found.map(|option| option.value.clone()).ok_or_else(|| "Choose one of the list.".to_owned())
}

/// What cannot be seen cannot be checked by who typed it, and some of it cannot be stored.
fn text(typed: &str, is_allowed: impl Fn(char) -> bool) -> Read {
    if typed.chars().any(|c| c.is_control() && !is_allowed(c)) {
        return Err("There are invisible characters in this: type it anew.".to_owned());
    }
    Ok(Some(typed.into()))
}

fn lines(typed: &str) -> Read {
    let texts = typed.lines().map(str::trim).filter(|line| !line.is_empty());
    let values: Result<Vec<Value>, String> = texts.map(|line| Ok(text(line, |_| false)?.unwrap_or_default())).collect();
    values.map(|values| Some(values.into()))
}

fn json(typed: &str) -> Read {
    if typed.contains("\\u0000") {
        return Err("There are invisible characters in this: write it without `\\u0000`.".to_owned());
    }
    serde_json::from_str(typed).map(Some).map_err(|error| {
        format!("This is not JSON at line {}, column {}: mend it there.", error.line(), error.column().max(1))
    })
}
