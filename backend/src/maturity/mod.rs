//! Maturity: facts from what the platform knows, and the levels that follow from them.
//!
//! Levels are computed when they are asked for, by the pure function of [`domain::maturity`].
//!
//! * `model`: the rules.
//! * `collect`: who brings facts; `observation`: how they are kept.
//! * `levels`: those of services, kept for lists that are narrowed to them.
//! * `load`: what a viewer may have computed.
//! * `read`: what pages and programs ask for.

mod collect;
mod document;
mod gaps;
mod levels;
mod load;
mod model;
mod observation;
mod read;
#[cfg(test)]
mod tests;

pub use collect::{Sources, run};
pub use document::{read_bundle, read_document};
pub use gaps::{Gap, Gaps, gaps};
pub use load::{Basis, Scope};
pub use model::{CRITERIA, Model};
pub use read::{
    Overview, RulePage, ScoreFilter, ScorePage, ServicePage, SubjectLevels, TeamPage, explain, overview, rule, scores,
    service, team,
};
