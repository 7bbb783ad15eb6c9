//! Definitions as teams write them, and every way in which they break.

mod asyncapi;
mod broken;
mod graphql;
mod grpc;
mod openapi;

use super::*;

/// `GET /orders`, in the order of the groups.
pub(super) fn operations(reference: &ApiReference) -> Vec<String> {
    let all = reference.groups.iter().flat_map(|group| &group.operations);
    all.map(|operation| format!("{} {}", operation.verb, operation.name)).collect()
}

/// Each row on a line: indented, with its place, a star where it is required, and what is said of it.
pub(super) fn rows(rows: &[Row]) -> Vec<String> {
    let line = |row: &Row| {
        let star = if row.is_required { "*" } else { "" };
        let place = if row.place.is_empty() { String::new() } else { format!(" in {}", row.place) };
        let said = if row.description.is_empty() { String::new() } else { format!(" # {}", row.description) };
        let old = if row.is_deprecated { " (old)" } else { "" };
        format!("{}{}{star}{place}: {}{old}{said}", "  ".repeat(row.depth), row.name, row.type_name)
    };
    rows.iter().map(line).collect()
}

pub(super) fn find<'a>(reference: &'a ApiReference, name: &str) -> &'a Operation {
    reference.groups.iter().flat_map(|group| &group.operations).find(|operation| operation.name == name).unwrap()
}

pub(super) fn type_of<'a>(reference: &'a ApiReference, name: &str) -> &'a TypeReference {
    reference.types.iter().find(|found| found.name == name).unwrap()
}
