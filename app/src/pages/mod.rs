//! The pages.

mod afresh;
pub mod catalog;
pub mod delivery;
mod followed;
pub mod gallery;
pub mod golden_paths;
pub mod home;
mod loaded;
pub mod maturity;
pub mod provisioning;
pub mod scaffold;
pub mod search;
pub mod settings;

pub use loaded::PROBLEM_HEADER;
