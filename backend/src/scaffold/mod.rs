//! Runs: accepted in one transaction, claimed by one worker at a time, carried out step by step.
//!
//! Steps happen at least once; their visible effects happen exactly once, because every effect is named by the run and
//! looked for before it is made. `lease` says who may write, `record` writes only while that holds.

mod accept;
mod cancel;
mod failpoint;
mod follow;
mod lease;
mod news;
mod plans;
mod platform;
mod record;
mod reserve;
#[cfg(test)]
mod testing;
mod worker;

pub use accept::{Acceptance, accept};
pub use cancel::{cancel, retry};
pub use follow::{EffectView, Event, EventKind, RunFilter, RunView, StepView, events_after, find, list};
pub use news::{RunFollower, RunNews};
pub use plans::{PlanView, Planner, PlannerSettings, StarterImage, find_plan, request_plan};
pub use platform::Platform;
pub use worker::{StepContext, StepOutcome, Steps, Worker};
