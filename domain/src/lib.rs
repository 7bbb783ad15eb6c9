//! What is true: the rules and types of Waymark, without I/O, clock or randomness.
//!
//! * [`access`]: who is asking and what they may do.
//! * [`audit`]: the chained record of every change.
//! * [`catalog`]: the names by which things are known, and what files say of them (feature `catalog`).
//! * [`delivery`]: what runs where, and what a change of it looks like.
//! * [`error`]: the kinds of failure, their status codes and their words.
//! * [`golden_paths`]: what a golden path asks for, does and must not do.
//! * [`links`]: the addresses of pages.
//! * `maturity`: how far a service or a team has come, from evidence alone (feature `maturity`).
//! * [`provisioning`]: what a namespace should look like, and what it takes to make it so.
//! * [`scaffold`]: plans, and the runs that carry them out.
//! * [`sentence`]: what is known, each part with its source and age.
//! * `yaml`: documents with the place of every part (feature `yaml`).

pub mod access;
pub mod audit;
pub mod catalog;
pub mod delivery;
pub mod error;
pub mod golden_paths;
pub mod links;
#[cfg(feature = "maturity")]
pub mod maturity;
#[cfg(feature = "openapi")]
mod openapi;
mod plain_number;
pub mod provisioning;
pub mod scaffold;
pub mod sentence;
#[cfg(feature = "yaml")]
pub mod yaml;
