//! Everything that a score is computed from: rules, subjects, facts, and what people decided.

mod check;
mod parameters;
mod read;

use serde::Serialize;
use time::OffsetDateTime;

use super::{delivery::DeliveryLog, rule::Rule, value::Value};

pub use parameters::{Parameters, TierWeights};

/// One evaluation needs nothing beside this.
#[derive(Clone, Debug)]
pub struct Bundle {
    pub as_of: OffsetDateTime,
    pub parameters: Parameters,
    pub rules: Vec<Rule>,
    pub collectors: Vec<Collector>,
    pub subjects: Vec<Subject>,
    pub facts: Vec<Fact>,
    pub attestations: Vec<Attestation>,
    pub exemptions: Vec<Exemption>,
    pub delivery: DeliveryLog,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    pub name: String,
    pub down: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    Service,
    Team,
    Unit,
}

/// What is scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Opaque here; the platform writes catalog references.
    pub reference: String,
    pub kind: SubjectKind,
    /// Of a service; none: nobody owns it.
    pub team: Option<String>,
    /// Of a service; 1 is the most critical.
    pub tier: Option<u32>,
    /// Of a service, such as `production`.
    pub lifecycle: Option<String>,
    pub created_at: Option<OffsetDateTime>,
    /// Of a team.
    pub unit: Option<String>,
    /// Of a unit.
    pub parent: Option<String>,
}

/// One observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    pub subject: String,
    /// Such as `k8s.workload`.
    pub name: String,
    pub value: Value,
    pub samples: Option<Samples>,
    pub observed_at: OffsetDateTime,
    pub collector: String,
    pub source_ref: Option<String>,
}

/// How many of the observations of a while were good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Samples {
    pub passed: u32,
    pub total: u32,
}

/// What a person answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    pub subject: String,
    pub question: String,
    pub version: u32,
    pub answer: Answer,
    pub answered_at: OffsetDateTime,
    pub valid_days: u32,
    pub confirmed_by: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Yes,
    Partly,
    No,
}

/// A rule that does not count for a subject for a while. `end` is the first instant at which it counts again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    pub subject: String,
    pub rule: String,
    pub revision: u32,
    pub start: OffsetDateTime,
    pub end: OffsetDateTime,
    pub category: Option<String>,
}

impl SubjectKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Team => "team",
            Self::Unit => "unit",
        }
    }
}
