//! A large organisation, the same each time: every figure follows from the number of an entity.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Result, While};

/// What one file describes.
pub(super) const PER_FILE: usize = 50;
/// So many components depend on the first entity, a queue.
pub(super) const NEIGHBOURS: usize = 2_000;

pub(super) const WORDS: [&str; 24] = [
    "payment",
    "order",
    "ledger",
    "invoice",
    "search",
    "catalogue",
    "basket",
    "voucher",
    "customer",
    "address",
    "shipment",
    "parcel",
    "refund",
    "price",
    "stock",
    "review",
    "session",
    "mail",
    "report",
    "forecast",
    "fraud",
    "rate",
    "currency",
    "archive",
];
pub(super) const PARTS: [&str; 10] =
    ["gateway", "worker", "store", "index", "adapter", "console", "router", "importer", "planner", "mirror"];
pub(super) const TEAMS: [&str; 4] = ["payments", "search", "checkout-flow", "commerce"];

/// Writes files that describe the entities from `first` on, `count` of them, and answers their paths.
pub(super) fn write(folder: &Path, first: usize, count: usize) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).world("make the folder of the organisation")?;
    let starts = (first..first + count).step_by(PER_FILE);
    starts
        .map(|start| {
            let path = folder.join(format!("{start:06}.yaml"));
            let end = (start + PER_FILE).min(first + count);
            fs::write(&path, (start..end).map(entity).collect::<String>()).world("write the organisation")?;
            Ok(path)
        })
        .collect()
}

fn word(number: usize) -> &'static str {
    WORDS.get(number % WORDS.len()).copied().unwrap_or_default()
}

pub(super) fn name(number: usize) -> String {
    let part = PARTS.get(number / 7 % PARTS.len()).copied().unwrap_or_default();
    format!("{}-{part}-{number}", word(number))
}

/// The name of the component that has this number.
pub(super) fn component(number: usize) -> String {
    name(number - number % 10)
}

fn entity(number: usize) -> String {
    let (kind, spec) = match (number, number % 10) {
        (1, _) => return hub(),
        (_, 0..=6) => ("Component", component_spec(number)),
        (_, 7) => ("API", api_spec(number)),
        (_, 8) => ("Resource", format!("  type: database\n  owner: {}\n  system: {}\n", team(number), system(number))),
        _ => ("System", format!("  owner: {}\n  domain: selling\n", team(number))),
    };
    format!("{}spec:\n{spec}", head(number, kind, &name(number)))
}

fn head(number: usize, kind: &str, name: &str) -> String {
    format!(
        "---\napiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n  title: {} {number}\n  description: \
         Keeps the {} of each {} and tells the {} about it, number {number}\n  tags: [{}, tier-{}]\n  annotations:\n    \
         backstage.io/source-location: url:https://git.example/{name}\n    example.com/cost-centre: \"{}\"\n  links:\n    - \
         url: https://runbooks.example/{name}\n      title: Runbook\n",
        word(number),
        word(number + 3),
        word(number + 5),
        word(number + 11),
        word(number + 7),
        number % 4,
        number % 97,
    )
}

fn team(number: usize) -> &'static str {
    TEAMS.get(number / 3 % TEAMS.len()).copied().unwrap_or_default()
}

/// One in each fifty.
fn system(number: usize) -> String {
    name(number - number % PER_FILE + 9)
}

fn component_spec(number: usize) -> String {
    let lifecycle = if number.is_multiple_of(5) { "experimental" } else { "production" };
    let start = number - number % PER_FILE;
    let mut spec = format!(
        "  type: service\n  lifecycle: {lifecycle}\n  owner: {}\n  system: {}\n  providesApis: [{}]\n  dependsOn:\n",
        team(number),
        system(number),
        name(start + 7),
    );
    // Writing into a text cannot fail.
    let _ = writeln!(spec, "    - resource:{}", name(start + 8));
    let _ = writeln!(spec, "    - component:{}", name(start + 10));
    if number < NEIGHBOURS * 10 / 7 {
        spec.push_str("    - resource:hub\n");
    }
    spec
}

fn api_spec(number: usize) -> String {
    format!(
        "  type: openapi\n  lifecycle: production\n  owner: {}\n  system: {}\n  definition: |\n    openapi: 3.1.0\n    info: \
         {{title: {}, version: 1.0.0}}\n    paths:\n      /{}s:\n        get:\n          summary: Lists every {}\n          \
         responses: {{'200': {{description: Found}}}}\n",
        team(number),
        system(number),
        name(number),
        word(number),
        word(number + 1),
    )
}

fn hub() -> String {
    format!("{}spec:\n  type: queue\n  owner: {}\n", head(1, "Resource", "hub"), team(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entity_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let files = write(folder.path(), 0, 120).unwrap();
        let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
        let all = texts.concat();
        let names: std::collections::BTreeSet<&str> =
            all.lines().filter_map(|line| line.strip_prefix("  name: ")).collect();
        assert_eq!((files.len(), all.matches("\n---\n").count() + 1, names.len()), (3, 120, 120));
        assert!(names.contains(component(42).as_str()) && names.contains("hub"));
    }
}
