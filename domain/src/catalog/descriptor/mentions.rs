//! The entities that an entity names, and what it says about them.

use super::{
    Finding,
    kinds::{Reference, RelationType, references_of},
    placeholder::is_placeholder,
};
use crate::{
    catalog::{EntityRef, EntityRefError},
    golden_paths::{Node, Place},
};

/// One entity that another names in its `spec`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub field: &'static str,
    pub target: EntityRef,
    pub relation: RelationType,
    /// The one that is named is the one that the relation starts from, as a group's `children` are its parts.
    pub is_reversed: bool,
    pub place: Place,
}

/// One direction of what a mention says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    pub from: EntityRef,
    pub name: &'static str,
    pub to: EntityRef,
}

impl Mention {
    /// Both directions.
    pub fn relations(&self, of: &EntityRef) -> [Relation; 2] {
        let (from, to) = if self.is_reversed { (&self.target, of) } else { (of, &self.target) };
        let relation = |from: &EntityRef, name, to: &EntityRef| Relation { from: from.clone(), name, to: to.clone() };
        [relation(from, self.relation.name, to), relation(to, self.relation.reverse, from)]
    }
}

/// What the `spec` of an entity names. References that cannot be read are findings and mention nobody.
pub(super) fn mentions(of: &EntityRef, spec: &Node, findings: &mut Vec<Finding>) -> Vec<Mention> {
    let mut found = Vec::new();
    for reference in references_of(of.kind()) {
        let Some(node) = spec.get(reference.field).filter(|node| !is_placeholder(node)) else { continue };
        if !reference.is_list {
            found.extend(mention(of, reference, node, findings));
        } else if node.is_list() {
            found.extend(node.items().iter().filter_map(|item| mention(of, reference, item, findings)));
        } else {
            let message = format!("Write `{}` as a list of references.", reference.field);
            findings.push(Finding::error(node.place, reference.field, message));
        }
    }
    found
}

fn mention(of: &EntityRef, reference: &Reference, node: &Node, findings: &mut Vec<Finding>) -> Option<Mention> {
    let Reference { field, kind, relation, is_reversed, .. } = *reference;
    let Some(text) = node.text() else {
        let message = format!("Write `{field}` as a reference in text, such as component:default/checkout.");
        findings.push(Finding::error(node.place, field, message));
        return None;
    };
    match EntityRef::relative(text, kind, of.namespace()) {
        Ok(target) => Some(Mention { field, target, relation, is_reversed, place: node.place }),
        Err(EntityRefError::Part) => {
            let message = format!("`{text}` cannot be the name of anything in a catalog, so it points nowhere.");
            findings.push(Finding::warning(node.place, "reference", message));
            None
        }
        Err(error) => {
            findings.push(Finding::error(node.place, "reference", format!("`{text}`: {error}")));
            None
        }
    }
}
