//! What is wrong with a descriptor, and where.

use serde::{Deserialize, Serialize};

use crate::golden_paths::Place;

/// Whether the entity is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It is not taken over before this is mended.
    Error,
    /// It is taken over, and somebody should look.
    Warning,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// From 1, as is `column`.
    pub line: u32,
    pub column: u32,
    pub severity: Severity,
    /// Stable, for machines.
    pub rule: String,
    /// Full sentences that say what to do.
    pub message: String,
}

impl Finding {
    pub fn error(place: Place, rule: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, place, rule, message.into())
    }

    pub fn warning(place: Place, rule: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, place, rule, message.into())
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// A message may repeat what was written, and no database keeps the character NUL.
    fn new(severity: Severity, Place { line, column }: Place, rule: &str, message: String) -> Self {
        Self { line, column, severity, rule: rule.to_owned(), message: message.replace('\0', "\u{2400}") }
    }
}
