//! What is wrong with a golden path, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Place;

/// Prints as `file:line:column: rule: message`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Relative to the folder of the path, with `/` between its parts.
    pub file: String,
    /// From 1, as is `column`.
    pub line: u32,
    pub column: u32,
    /// Stable, for machines.
    pub rule: String,
    /// Full sentences that say what to do.
    pub message: String,
}

impl Finding {
    pub fn new(file: impl Into<String>, place: Place, rule: &str, message: impl Into<String>) -> Self {
        let Place { line, column } = place;
        Self { file: file.into(), line, column, rule: rule.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, rule, message } = self;
        write!(f, "{file}:{line}:{column}: {rule}: {message}")
    }
}
