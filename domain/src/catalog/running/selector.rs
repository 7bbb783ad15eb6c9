//! Label selectors as Kubernetes writes them: `a=b, c in (d, e), !f`.

use std::fmt;

use thiserror::Error;

use super::Labels;

/// Chooses what meets all of its requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    requirements: Vec<Requirement>,
}

/// What one part of a selector says of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    In(String, Vec<String>),
    /// Is met by what does not have the label at all, too.
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

/// Why a selector cannot be read. The text stands beside the entity that says it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SelectorError {
    #[error("it is empty, which would choose everything; name at least one label, such as app=checkout")]
    Empty,
    #[error("`{0}` is not the key of a label")]
    Key(String),
    #[error("`{0}` is not the value of a label")]
    Value(String),
    #[error("after `{0}` comes a list in round brackets, such as {0} (a, b)")]
    List(&'static str),
    #[error("`{0}` is not understood; write key=value, key!=value, key in (a, b), key notin (a, b), key or !key")]
    Form(String),
}

/// A key is a name of at most 63 characters, with a prefix of at most 253 before a slash.
const LONGEST: usize = 63;
const LONGEST_PREFIX: usize = 253;

impl Selector {
    /// Reads what [`fmt::Display`] writes, and everything that the API server reads but for a selector that is empty.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        if text.trim().is_empty() {
            return Err(SelectorError::Empty);
        }
        let requirements =
            parts(text).into_iter().map(|part| Requirement::parse(part.trim())).collect::<Result<_, _>>()?;
        Ok(Self { requirements })
    }

    /// Chooses what has exactly these labels, beside others.
    pub fn equal_to(labels: &Labels) -> Self {
        let one = |(key, value): (&String, &String)| Requirement::In(key.clone(), vec![value.clone()]);
        Self { requirements: labels.iter().map(one).collect() }
    }

    pub fn selects(&self, labels: &Labels) -> bool {
        self.requirements.iter().all(|requirement| requirement.is_met_by(labels))
    }

    /// Labels that everything has which is chosen; what has them need not be chosen yet.
    pub fn certain(&self) -> Labels {
        let certain = self.requirements.iter().filter_map(|requirement| match requirement {
            Requirement::In(key, values) => match values.as_slice() {
                [only] => Some((key.clone(), only.clone())),
                _ => None,
            },
            Requirement::NotIn(..) | Requirement::Exists(_) | Requirement::Absent(_) => None,
        });
        certain.collect()
    }
}

impl Requirement {
    fn is_met_by(&self, labels: &Labels) -> bool {
        let value = |key: &String| labels.get(key);
        match self {
            Self::In(key, values) => value(key).is_some_and(|value| values.contains(value)),
            Self::NotIn(key, values) => value(key).is_none_or(|value| !values.contains(value)),
            Self::Exists(key) => value(key).is_some(),
            Self::Absent(key) => value(key).is_none(),
        }
    }

    fn parse(part: &str) -> Result<Self, SelectorError> {
        if let Some(rest) = part.strip_prefix('!') {
            return Ok(Self::Absent(key(rest)?));
        }
        if let Some((name, rest)) = part.split_once("!=") {
            return Ok(Self::NotIn(key(name)?, vec![value(rest)?]));
        }
        if let Some((name, rest)) = part.split_once('=') {
            return Ok(Self::In(key(name)?, vec![value(rest.strip_prefix('=').unwrap_or(rest))?]));
        }
        match part.split_once(char::is_whitespace) {
            Some((name, rest)) => Self::of_list(name, rest.trim_start(), part),
            None => Ok(Self::Exists(key(part)?)),
        }
    }

    fn of_list(name: &str, rest: &str, whole: &str) -> Result<Self, SelectorError> {
        if let Some(list) = rest.strip_prefix("notin") {
            return Ok(Self::NotIn(key(name)?, values(list, "notin")?));
        }
        if let Some(list) = rest.strip_prefix("in") {
            return Ok(Self::In(key(name)?, values(list, "in")?));
        }
        Err(SelectorError::Form(whole.to_owned()))
    }
}

/// At commas that stand in no brackets.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let outside = move |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth <= 0
    };
    text.split(outside).collect()
}

fn values(list: &str, word: &'static str) -> Result<Vec<String>, SelectorError> {
    let inner = list.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.ok_or(SelectorError::List(word))?.split(',').map(value).collect()
}

fn key(text: &str) -> Result<String, SelectorError> {
    let text = text.trim();
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let is_prefix = |prefix: &str| {
        let is_part = |part: &str| {
            is_name(part) && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        prefix.len() <= LONGEST_PREFIX && prefix.split('.').all(is_part)
    };
    match is_name(name) && prefix.is_none_or(is_prefix) {
        true => Ok(text.to_owned()),
        false => Err(SelectorError::Key(text.to_owned())),
    }
}

/// A value may be empty.
fn value(text: &str) -> Result<String, SelectorError> {
    let text = text.trim();
    match text.is_empty() || is_name(text) {
        true => Ok(text.to_owned()),
        false => Err(SelectorError::Value(text.to_owned())),
    }
}

fn is_name(text: &str) -> bool {
    let is_end = |b: Option<u8>| b.is_some_and(|b| b.is_ascii_alphanumeric());
    let is_inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    text.len() <= LONGEST && text.bytes().all(is_inner) && is_end(text.bytes().next()) && is_end(text.bytes().last())
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            requirement.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::In(key, values) => match values.as_slice() {
                [only] => write!(f, "{key}={only}"),
                _ => write!(f, "{key} in ({})", values.join(",")),
            },
            Self::NotIn(key, values) => match values.as_slice() {
                [only] => write!(f, "{key}!={only}"),
                _ => write!(f, "{key} notin ({})", values.join(",")),
            },
            Self::Exists(key) => f.write_str(key),
            Self::Absent(key) => write!(f, "!{key}"),
        }
    }
}
