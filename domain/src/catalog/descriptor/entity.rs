//! One document that is a map: judged, and taken apart.

use super::{Descriptor, Finding, canonical, envelope, invisible, key_case, mentions, placeholder, spec};
use crate::{
    catalog::EntityRef,
    golden_paths::{Node, Place},
    yaml::Document,
};

/// The entity, unless something keeps it out; what is wrong with it is added to the findings.
pub(super) fn judged(document: &Document<'_>, node: &Node, findings: &mut Vec<Finding>) -> Option<Descriptor> {
    let mut found = Vec::new();
    invisible::check(node, &mut found);
    key_case::check(node, &mut found);
    placeholder::check(node, &mut found);
    envelope::check(node, &mut found);
    spec::check(node, &mut found);
    let reference = reference_of(node);
    let mut mentions = Vec::new();
    if let (Some(reference), Some(spec)) = (&reference, node.get("spec")) {
        mentions = mentions::mentions(reference, spec, &mut found);
    }
    let is_refused = found.iter().any(Finding::is_error);
    findings.append(&mut found);
    let reference = reference.filter(|_| !is_refused)?;
    Some(Descriptor {
        targets: if reference.kind() == "location" { targets(node) } else { Vec::new() },
        reference,
        place: node.get("metadata").and_then(|metadata| metadata.get("name")).map_or(node.place, |name| name.place),
        line: document.line,
        text: document.text.to_owned(),
        document: canonical::without_output(node.to_value()),
        mentions,
    })
}

/// `target`, then `targets`.
fn targets(location: &Node) -> Vec<(String, Place)> {
    let spec = location.get("spec");
    let one = spec.and_then(|spec| spec.get("target"));
    let many = spec.and_then(|spec| spec.get("targets")).into_iter().flat_map(Node::items);
    one.into_iter().chain(many).filter_map(|node| Some((node.text()?.to_owned(), node.place))).collect()
}

/// Whom a document describes, as far as it says that in order.
pub(in crate::catalog) fn reference_of(document: &Node) -> Option<EntityRef> {
    let metadata = document.get("metadata")?;
    let (kind, name) = (document.get("kind")?.text()?, metadata.get("name")?.text()?);
    let namespace = metadata.get("namespace").map_or(Some("default"), Node::text)?;
    EntityRef::new(kind, namespace, name).ok()
}
