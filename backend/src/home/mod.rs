//! What somebody finds when they arrive, read across all features: what waits for them, and what has changed.

mod recent;
#[cfg(test)]
mod tests;
mod waiting;

pub use recent::{Recent, RecentKind, recent};
pub use waiting::{Waiting, WaitingKind, waiting, waiting_count};
