//! What every request passes before it reaches a handler, and every answer before it leaves.

mod backstage;
mod headers;
mod host;
mod limits;
mod origin;
mod problem;
mod request_id;
mod stack;

pub use headers::content_security_policy;
pub use limits::Limits;
pub use problem::{Problem, page_or_problem, problem_written};
pub use stack::{FORM_BYTES, wrap};
