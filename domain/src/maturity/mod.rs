//! How far services and teams have come, from evidence alone: the levels of the Cloud Native Maturity Model, in our own
//! criteria. [`evaluate`] is a pure function of a [`Bundle`]; the platform and `waymark maturity evaluate` share it.
//!
//! Whatever is not known is unknown, with its reason, and is never taken for met or for missed.

mod bundle;
mod delivery;
mod document;
mod evidence;
mod moment;
mod number;
mod outcome;
mod predicate;
mod report;
mod rule;
mod score;
#[cfg(test)]
mod tests;
mod value;

pub use bundle::{
    Answer, Attestation, Bundle, Collector, Exemption, Fact, Parameters, Samples, Subject, SubjectKind, TierWeights,
};
pub use delivery::{Change, Counts, DeliveryLog, Deployment, DeploymentKind, Figures, Incident, Ranks};
pub use document::{Doc, DocEntry, DocKind, Fault};
pub use evidence::Reason;
pub use moment::moment;
pub use number::{Exact, decimal};
pub use outcome::{Explained, Outcome, RuleResult};
pub use predicate::{Comparison, Evidence, Expression, Judged, Operator, Path, Predicate, Step, Truth};
pub use report::{Headline, Report, Score, Shown, evaluate, explained, is_unowned, level_name, warnings};
pub use rule::{Dimension, Fix, Rule, RuleSubject, Sustain, Test};
pub use score::Limit;
pub use value::Value;
