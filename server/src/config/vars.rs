//! Reading of variables with collection of everything that is wrong.

use std::{collections::BTreeMap, fmt, str::FromStr};

use secrecy::{ExposeSecret, SecretString};

/// One thing that is wrong with the configuration. It never holds the value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub variable: &'static str,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.message)
    }
}

/// A value that is never printed.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub fn new(value: String) -> Self {
        Self(SecretString::from(value))
    }

    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// The variables of a process and the problems found so far.
#[derive(Debug)]
pub struct Vars {
    values: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Vars {
    pub fn new(values: BTreeMap<String, String>) -> Self {
        Self { values, problems: Vec::new() }
    }

    /// The value, or an empty one with a problem noted. `what` completes "set it to …".
    pub fn required(&mut self, variable: &'static str, what: &str) -> String {
        match self.optional(variable) {
            Some(value) => value,
            None => {
                self.problem(variable, format!("it is not set; set it to {what}"));
                String::new()
            }
        }
    }

    /// A variable that is set but empty counts as not set: shells and manifests write both.
    pub fn optional(&self, variable: &str) -> Option<String> {
        self.values.get(variable).map(|value| value.trim()).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The parsed value or the default. `what` completes "it must be …".
    pub fn parsed<T: FromStr>(&mut self, variable: &'static str, default: T, what: &str) -> T {
        match self.optional(variable).map(|value| value.parse()) {
            None => default,
            Some(Ok(value)) => value,
            Some(Err(_)) => {
                self.problem(variable, format!("it must be {what}"));
                default
            }
        }
    }

    pub fn text(&self, variable: &str, default: &str) -> String {
        self.optional(variable).unwrap_or_else(|| default.to_owned())
    }

    /// Notes a problem when a variable is set that this process must not have.
    pub fn refuse(&mut self, variable: &'static str, why: &str) {
        if self.optional(variable).is_some() {
            self.problem(variable, format!("it must not be set here: {why}"));
        }
    }

    pub fn problem(&mut self, variable: &'static str, message: impl Into<String>) {
        self.problems.push(Problem { variable, message: message.into() });
    }

    /// The configuration if nothing was wrong with it.
    pub fn finish<T>(self, config: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() { Ok(config) } else { Err(self.problems) }
    }
}
