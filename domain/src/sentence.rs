//! Sentences about what the platform knows: each part says where it is known from, and as of when.

use serde::Serialize;
use time::OffsetDateTime;

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// Without a full stop; joined by semicolons.
    pub text: String,
    /// Such as `cluster local`.
    pub source: String,
    /// When the source said so; `None` when it never has.
    #[serde(with = "time::serde::rfc3339::option")]
    pub at: Option<OffsetDateTime>,
}

/// `a, b and c`.
pub fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
