//! Maturity: documents about it.

mod document;

pub use document::{read_bundle, read_document};
