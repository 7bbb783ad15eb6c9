//! What runs in clusters, beside the entities that it belongs to.
//!
//! * `follow`, `store`: the worker's side, which keeps rows of what it sees. * `row`, `claims`, `sight`: what is asked of
//!   them. * `of_entity`, `environments`, `offers`: what people see. * `adopt`: what they do about what stands in no catalog.

mod adopt;
mod claims;
mod environments;
mod follow;
mod of_entity;
mod offers;
mod row;
mod sight;
mod store;
#[cfg(test)]
mod tests;

pub use adopt::adopt;
pub use environments::{
    EnvironmentCount, EnvironmentFilter, EnvironmentPage, EnvironmentState, EnvironmentView, NOT_KNOWN, environments,
};
pub use follow::run;
pub use of_entity::{RunsWhere, running_of};
pub use offers::{MOST_OFFERED, Offer, OfferKey, OfferReason, Offers, offers};
pub use row::{ManagedBy, RunningView};
pub use sight::{ClusterSight, Sight};
