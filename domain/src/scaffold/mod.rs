//! What a golden path makes: the plan that people read, and the run that carries it out.

mod plan;
mod review;
mod run;
mod step;
pub mod tree;

pub use plan::{
    Plan, PlannedDelivery, PlannedEntity, PlannedFile, PlannedLease, PlannedNamespace, PlannedRepository, Reservation,
};
pub use review::{
    CheckedIn, EffectKind, FileChange, FileStatus, Gate, GateKind, ObjectVerdict, PlanReview, PlanState, PlannedEffect,
    QuotaChange, QuotaScope, Verdict,
};
pub use run::{Followed, RunState, StepState, WaitingFor, pause};
pub use step::{KillPoint, StepKind, StepSpec, steps};
