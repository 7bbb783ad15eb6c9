//! What no single part of a bundle can know: names that are there twice, and units that contain themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{Bundle, SubjectKind};
use crate::{
    golden_paths::Place,
    maturity::document::{Doc, DocKind, Fault},
};

pub(super) fn check(doc: &Doc, bundle: &Bundle) -> Vec<Fault> {
    let mut faults = twice(&texts(doc, "rules", &["metadata", "id"]), "duplicate-rule", |id| {
        format!("The rule {id} is there twice; an id belongs to one rule for ever.")
    });
    let references = texts(doc, "subjects", &["ref"]);
    faults.extend(twice(&references, "duplicate-subject", |reference| {
        format!("The subject {reference} is there twice; keep one of them.")
    }));
    faults.extend(circles(bundle, &references));
    faults
}

/// A text in each item of a list, with its place.
fn texts<'a>(doc: &'a Doc, list: &str, path: &[&str]) -> Vec<(&'a str, Place)> {
    let items = match get(doc, list).map(|doc| &doc.kind) {
        Some(DocKind::List(items)) => items.as_slice(),
        _ => &[],
    };
    let text = |item: &'a Doc| {
        let found = path.iter().try_fold(item, |doc, key| get(doc, key))?;
        match &found.kind {
            DocKind::Text(text) => Some((text.trim(), found.place)),
            _ => None,
        }
    };
    items.iter().filter_map(text).collect()
}

fn get<'a>(doc: &'a Doc, key: &str) -> Option<&'a Doc> {
    match &doc.kind {
        DocKind::Map(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
        _ => None,
    }
}

fn twice(names: &[(&str, Place)], rule: &'static str, message: impl Fn(&str) -> String) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let again = names.iter().filter(|(name, _)| !seen.insert(*name));
    again.map(|(name, place)| Fault::new(*place, rule, message(name))).collect()
}

fn circles(bundle: &Bundle, places: &[(&str, Place)]) -> Vec<Fault> {
    let units = bundle.subjects.iter().filter(|subject| subject.kind == SubjectKind::Unit);
    let parents: BTreeMap<&str, &str> =
        units.filter_map(|unit| Some((unit.reference.as_str(), unit.parent.as_deref()?))).collect();
    let is_circular = |start: &str| {
        let mut at = parents.get(start).copied();
        for _ in 0..=parents.len() {
            match at {
                None => return false,
                Some(unit) if unit == start => return true,
                Some(unit) => at = parents.get(unit).copied(),
            }
        }
        false
    };
    let place = |name: &str| places.iter().find(|(known, _)| *known == name).map_or(Place::START, |(_, place)| *place);
    let circular = parents.keys().filter(|unit| is_circular(unit));
    let message = |unit: &str| format!("The unit {unit} is below itself; give one unit of the circle no `parent`.");
    circular.map(|unit| Fault::new(place(unit), "circular-units", message(unit))).collect()
}
