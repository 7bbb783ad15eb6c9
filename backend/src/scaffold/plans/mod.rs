//! Plans: asked for by people, answered by a worker, read before anything is done.
//!
//! * `request`, `read`: what people do and see. * `queue`: whose turn it is. * `compose`: what the path's steps make.
//! * `names`: whether the names are free. * `verdicts`: what the cluster would say. * `worker`: everything together.

mod compose;
mod gates;
mod names;
mod queue;
mod read;
mod request;
mod verdicts;
mod worker;

pub use read::{PlanView, find_plan};
pub use request::request_plan;
pub use worker::{Planner, PlannerSettings, StarterImage};
