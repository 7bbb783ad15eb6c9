//! The format's own round-trip list, every rule, and what people send by mistake or on purpose.

mod envelope;
mod files;
mod placeholders;
mod together;
mod writing;

use super::*;

pub(super) const MINIMAL: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: checkout\nspec:\n  type: service\n  lifecycle: production\n  owner: payments\n";

/// The only entity of a text that is in order.
pub(super) fn entity(text: &str) -> Descriptor {
    let mut reading = read(text);
    assert!(!reading.findings.iter().any(Finding::is_error), "{:?}\n{text}", reading.findings);
    assert_eq!(reading.descriptors.len(), 1, "{text}");
    reading.descriptors.remove(0)
}

/// Rule and place of each finding.
pub(super) fn rules(text: &str) -> Vec<(String, u32, u32)> {
    read(text).findings.into_iter().map(|finding| (finding.rule, finding.line, finding.column)).collect()
}

/// The minimal component with more lines in its metadata.
pub(super) fn with_metadata(lines: &str) -> String {
    MINIMAL.replace("  name: checkout\n", &format!("  name: checkout\n{lines}\n"))
}

/// Of that kind, with those lines in its spec.
pub(super) fn of_kind(kind: &str, spec: &str) -> String {
    let version = if kind == "Template" { "scaffolder.backstage.io/v1beta3" } else { "backstage.io/v1alpha1" };
    format!("apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: one\n  namespace: shop\nspec:{spec}\n")
}

pub(super) fn relations(descriptor: &Descriptor) -> Vec<String> {
    let both = descriptor.mentions.iter().flat_map(|mention| mention.relations(&descriptor.reference));
    both.map(|Relation { from, name, to }| format!("{from} {name} {to}")).collect()
}
