//! What a golden path makes: the plan that people read, and the run that carries it out.

mod plan;
mod run;
mod step;
pub mod tree;

pub use plan::{Plan, PlannedEntity, PlannedFile, PlannedNamespace, PlannedRepository, Reservation};
pub use run::{Followed, RunState, StepState, WaitingFor, pause};
pub use step::{KillPoint, StepKind, StepSpec, steps};
