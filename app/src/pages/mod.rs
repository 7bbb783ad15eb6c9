//! The pages.

pub mod gallery;
pub mod home;
