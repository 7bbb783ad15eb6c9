//! What can only be seen of several entities together.

use std::collections::{BTreeMap, BTreeSet};

use super::{Descriptor, Finding};
use crate::catalog::EntityRef;

/// A descriptor and the file that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Described<'a> {
    pub file: &'a str,
    pub descriptor: &'a Descriptor,
}

/// Findings over all, each with its file. `is_known` says whether there is such a person or team; where nobody can know
/// that, everybody is taken for known.
pub fn together<'a>(all: &[Described<'a>], is_known: impl Fn(&EntityRef) -> bool) -> Vec<(&'a str, Finding)> {
    let mut found = twice(all);
    for Described { file, descriptor } in all {
        let owner = descriptor.mentions.iter().find(|mention| mention.field == "owner");
        if let Some(owner) = owner.filter(|owner| !is_known(&owner.target)) {
            let message = format!("Nobody is called {}. Name a team or a person that is in the catalog.", owner.target);
            found.push((*file, Finding::warning(owner.place, "owner", message)));
        }
    }
    found.extend(circles(all));
    found
}

fn twice<'a>(all: &[Described<'a>]) -> Vec<(&'a str, Finding)> {
    let mut first: BTreeMap<&EntityRef, Described<'a>> = BTreeMap::new();
    let mut found = Vec::new();
    for described in all {
        let Described { file, descriptor } = *described;
        match first.get(&descriptor.reference) {
            Some(before) => {
                let message = format!(
                    "{} is described twice, first at {}:{}. Take one of the two out.",
                    descriptor.reference, before.file, before.descriptor.place.line
                );
                found.push((file, Finding::error(descriptor.place, "described-twice", message)));
            }
            None => {
                first.insert(&descriptor.reference, *described);
            }
        }
    }
    found
}

/// Each circle of parts is told once, at the place of its first entity by name.
fn circles<'a>(all: &[Described<'a>]) -> Vec<(&'a str, Finding)> {
    let mut parts: BTreeMap<&EntityRef, Vec<&EntityRef>> = BTreeMap::new();
    for described in all {
        for mention in &described.descriptor.mentions {
            if !matches!(mention.relation.name, "partOf" | "childOf") {
                continue;
            }
            let of = &described.descriptor.reference;
            let (part, whole) = if mention.is_reversed { (&mention.target, of) } else { (of, &mention.target) };
            parts.entry(part).or_default().push(whole);
        }
    }
    keep_circles(&mut parts);
    let mut found = Vec::new();
    let mut told: BTreeSet<&EntityRef> = BTreeSet::new();
    for described in all {
        let start = &described.descriptor.reference;
        if told.contains(start) {
            continue;
        }
        let Some(circle) = circle_from(start, &parts) else { continue };
        told.extend(&circle);
        let names: Vec<String> = circle.iter().chain([&start]).map(|reference| reference.to_string()).collect();
        let message = format!("This is a part of itself: {}. Take one of these steps out.", names.join(" → "));
        let mention = described.descriptor.mentions.iter().find(|mention| circle.contains(&&mention.target));
        let place = mention.map_or(described.descriptor.place, |mention| mention.place);
        found.push((described.file, Finding::warning(place, "circle", message)));
    }
    found
}

/// The circles among steps from a part to what it is a part of, each told once, from its first member by name.
pub fn circles_of(steps: &[(EntityRef, EntityRef)]) -> Vec<Vec<EntityRef>> {
    let mut parts: BTreeMap<&EntityRef, Vec<&EntityRef>> = BTreeMap::new();
    for (part, whole) in steps {
        parts.entry(part).or_default().push(whole);
    }
    keep_circles(&mut parts);
    let mut told: BTreeSet<&EntityRef> = BTreeSet::new();
    let mut found = Vec::new();
    for start in parts.keys().copied() {
        if told.contains(start) {
            continue;
        }
        let Some(circle) = circle_from(start, &parts) else { continue };
        told.extend(&circle);
        found.push(circle.into_iter().cloned().collect());
    }
    found
}

/// Takes out what no circle can go through: whatever ends nowhere, again and again.
fn keep_circles<'a>(parts: &mut BTreeMap<&'a EntityRef, Vec<&'a EntityRef>>) {
    let mut inside: BTreeMap<&'a EntityRef, Vec<&'a EntityRef>> = BTreeMap::new();
    let mut ways: BTreeMap<&'a EntityRef, usize> = BTreeMap::new();
    for (part, wholes) in parts.iter() {
        ways.insert(*part, wholes.len());
        for whole in wholes {
            inside.entry(*whole).or_default().push(*part);
        }
    }
    let mut ends: Vec<&'a EntityRef> = inside.keys().copied().filter(|whole| !ways.contains_key(whole)).collect();
    let mut gone: BTreeSet<&'a EntityRef> = BTreeSet::new();
    while let Some(end) = ends.pop() {
        gone.insert(end);
        for part in inside.get(end).into_iter().flatten() {
            if let Some(left) = ways.get_mut(part) {
                *left -= 1;
                if *left == 0 {
                    ends.push(*part);
                }
            }
        }
    }
    parts.retain(|part, _| !gone.contains(part));
}

/// The shortest way from an entity back to itself.
fn circle_from<'a>(
    start: &'a EntityRef,
    parts: &BTreeMap<&'a EntityRef, Vec<&'a EntityRef>>,
) -> Option<Vec<&'a EntityRef>> {
    let mut came_from: BTreeMap<&'a EntityRef, &'a EntityRef> = BTreeMap::new();
    let mut next = vec![start];
    while !next.is_empty() {
        let mut further = Vec::new();
        for at in next {
            for whole in parts.get(at).into_iter().flatten() {
                if *whole == start {
                    return Some(way(start, at, &came_from));
                }
                if came_from.insert(*whole, at).is_none() {
                    further.push(*whole);
                }
            }
        }
        next = further;
    }
    None
}

fn way<'a>(
    start: &'a EntityRef,
    end: &'a EntityRef,
    came_from: &BTreeMap<&'a EntityRef, &'a EntityRef>,
) -> Vec<&'a EntityRef> {
    let mut steps = vec![end];
    let mut at = end;
    while at != start {
        let Some(before) = came_from.get(at).copied() else { break };
        at = before;
        steps.push(at);
    }
    steps.reverse();
    steps
}
