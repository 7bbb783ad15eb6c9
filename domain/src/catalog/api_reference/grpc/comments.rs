//! What is written above or behind each part of a file.

use std::collections::HashMap;

use prost_types::FileDescriptorProto;

// Numbers of the fields in Google's `descriptor.proto`, of which paths consist.
pub(super) const MESSAGE: i32 = 4;
pub(super) const ENUM: i32 = 5;
pub(super) const SERVICE: i32 = 6;
pub(super) const SYNTAX: i32 = 12;
pub(super) const METHOD: i32 = 2;
pub(super) const FIELD: i32 = 2;
pub(super) const NESTED: i32 = 3;
pub(super) const NESTED_ENUM: i32 = 4;
pub(super) const VALUE: i32 = 2;

pub(super) struct Comments(HashMap<Vec<i32>, String>);

impl Comments {
    pub(super) fn of(file: &FileDescriptorProto) -> Self {
        let locations = file.source_code_info.iter().flat_map(|info| &info.location);
        let said = locations.filter_map(|location| {
            let words = [location.leading_comments(), location.trailing_comments()];
            let text = words.into_iter().find(|text| !text.trim().is_empty())?;
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            Some((location.path.clone(), lines.join("\n").trim().to_owned()))
        });
        Self(said.collect())
    }

    /// Empty where nothing is said.
    pub(super) fn at(&self, path: &[i32]) -> String {
        self.0.get(path).cloned().unwrap_or_default()
    }
}
