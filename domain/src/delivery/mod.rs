//! Delivery: what runs where, which commit put it there, what stands in its way, and what a change of it looks like.
//!
//! Kubernetes objects are JSON here; everything is a function of its arguments.

mod address;
mod built_from;
mod change;
mod image;
mod objects;
mod observed;
mod overlay;
mod reading;
mod release;
mod sentence;
mod standing;
mod trouble;

pub use address::{Address, addresses};
pub use built_from::{mentioned, named};
pub use change::{ApprovalRefused, ChangeKind, ChangeState, approval_refused, needs_approval, subject};
pub use image::ImageRef;
pub use objects::{
    CREDENTIAL, DEPLOYER, DeliveryIntent, FluxKind, SOURCE_NAME, SYNC_NAME, WORKLOAD_SELECTOR, credential, desired,
};
pub use observed::{Observed, Pod, PodTrouble, Report, SourceState, SyncState, Workload};
pub use overlay::{ImageOverride, OverlayError, image_overrides, promote};
pub use reading::{pods, source_state, sync_state, workload};
pub use release::{rides_along, shared, taken_back, unreleased};
pub use sentence::{EnvironmentFact, LastChange, sentence};
pub use standing::{Standing, standing};
pub use trouble::{Cause, Trouble, troubles};
