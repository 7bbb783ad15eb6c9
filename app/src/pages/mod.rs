//! The pages.

pub mod catalog;
pub mod gallery;
pub mod home;
mod loaded;
pub mod scaffold;

pub use loaded::PROBLEM_HEADER;
