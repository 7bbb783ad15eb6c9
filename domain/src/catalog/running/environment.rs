//! Which environment a workload belongs to, as labels say. Names are never guessed from.

use serde::{Deserialize, Serialize};

use super::Labels;

/// An environment, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Environment {
    pub name: String,
    /// The label that says so; null where the platform keeps the namespace.
    pub label: Option<String>,
    /// It stands on the namespace and not on the workload.
    pub is_of_namespace: bool,
}

/// The strongest first; of one, the workload's comes before the namespace's.
const LABELS: [&str; 3] = ["waymark.dev/environment", "environment", "env"];

pub fn environment(workload: &Labels, namespace: &Labels) -> Option<Environment> {
    let places = [(workload, false), (namespace, true)];
    let strong = places.map(|(labels, is_of)| (LABELS[0], labels, is_of));
    let weak =
        places.into_iter().flat_map(|(labels, is_of)| LABELS[1..].iter().map(move |label| (*label, labels, is_of)));
    strong.into_iter().chain(weak).find_map(|(label, labels, is_of_namespace)| {
        let name = labels.get(label).filter(|name| !name.is_empty())?;
        Some(Environment { name: name.clone(), label: Some(label.to_owned()), is_of_namespace })
    })
}

/// The order in which a change travels; what is not known there comes after it, what is not known at all last.
pub fn rank(environment: Option<&str>) -> u8 {
    const ORDER: [&[&str]; 4] =
        [&["dev", "development"], &["test", "testing", "qa"], &["staging", "stage"], &["prod", "production"]];
    let Some(name) = environment else { return 9 };
    let place = ORDER.iter().position(|names| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(8)
}
