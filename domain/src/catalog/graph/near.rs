//! What is drawn: the entities around the focus, with groups where there are too many alike.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Content, Edge, Group, MOST_ALIKE, MOST_BOXES, Node, forward};
use crate::catalog::EntityRef;

pub(super) struct Near {
    /// The focus first.
    pub(super) boxes: Vec<Boxed>,
    pub(super) links: Vec<Link>,
    pub(super) left_out: usize,
}

pub(super) struct Boxed {
    pub(super) content: Content,
    pub(super) layer: i32,
}

/// All relations of one name from one box to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) relation: String,
    pub(super) count: usize,
}

/// A relation as seen from one of its ends. They compare as they are drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way<'a> {
    is_incoming: bool,
    relation: &'a str,
    kind: &'a str,
}

type Around<'a> = BTreeMap<&'a EntityRef, BTreeMap<Way<'a>, BTreeSet<&'a EntityRef>>>;

pub(super) fn near(focus: &Node, nodes: &[Node], edges: &[Edge], depth: usize) -> Near {
    let mut known: BTreeMap<&EntityRef, &Node> = nodes.iter().map(|node| (&node.reference, node)).collect();
    known.insert(&focus.reference, focus);
    let told: BTreeSet<(&EntityRef, &str, &EntityRef)> = edges
        .iter()
        .map(told)
        .filter(|(from, _, to)| from != to && known.contains_key(from) && known.contains_key(to))
        .collect();
    let mut around = Around::new();
    for (from, relation, to) in &told {
        for (at, other, is_incoming) in [(*from, *to, false), (*to, *from, true)] {
            let way = Way { is_incoming, relation, kind: other.kind() };
            around.entry(at).or_default().entry(way).or_default().insert(other);
        }
    }
    let mut walk = Walk { known, boxes: Vec::new(), place: BTreeMap::new(), left_out: BTreeSet::new() };
    walk.from(&focus.reference, &around, depth);
    let links = links(&told, &walk.place);
    let left_out = walk.left_out.iter().filter(|reference| !walk.place.contains_key(*reference)).count();
    Near { boxes: walk.boxes, links, left_out }
}

/// In its own direction, whichever it is told in.
fn told(edge: &Edge) -> (&EntityRef, &str, &EntityRef) {
    match forward(&edge.relation) {
        Some(relation) => (&edge.to, relation, &edge.from),
        None => (&edge.from, &edge.relation, &edge.to),
    }
}

struct Walk<'a> {
    known: BTreeMap<&'a EntityRef, &'a Node>,
    boxes: Vec<Boxed>,
    /// The box of each entity.
    place: BTreeMap<&'a EntityRef, usize>,
    left_out: BTreeSet<&'a EntityRef>,
}

impl<'a> Walk<'a> {
    /// In rings around the focus: who is reached first is nearest.
    fn from(&mut self, focus: &'a EntityRef, around: &Around<'a>, depth: usize) {
        self.entity(focus, 0);
        let mut next = VecDeque::from([(focus, 0, 0)]);
        while let Some((at, layer, steps)) = next.pop_front() {
            if steps == depth {
                continue;
            }
            for (way, others) in around.get(at).into_iter().flatten() {
                let layer = if way.is_incoming { layer - 1 } else { layer + 1 };
                let new: Vec<_> = others.iter().copied().filter(|other| !self.place.contains_key(other)).collect();
                if self.boxes.len() == MOST_BOXES {
                    self.left_out.extend(new);
                } else if new.len() > MOST_ALIKE {
                    self.group(at, *way, &new, layer);
                } else {
                    let (drawn, left) = new.split_at(new.len().min(MOST_BOXES - self.boxes.len()));
                    self.left_out.extend(left);
                    for other in drawn {
                        self.entity(other, layer);
                        next.push_back((*other, layer, steps + 1));
                    }
                }
            }
        }
    }

    fn entity(&mut self, reference: &'a EntityRef, layer: i32) {
        let named = || Node { reference: reference.clone(), title: reference.name().to_owned() };
        let node = self.known.get(reference).map_or_else(named, |node| (*node).clone());
        self.place.insert(reference, self.boxes.len());
        self.boxes.push(Boxed { content: Content::Entity(node), layer });
    }

    fn group(&mut self, of: &EntityRef, way: Way<'_>, members: &[&'a EntityRef], layer: i32) {
        let (kind, relation) = (way.kind.to_owned(), way.relation.to_owned());
        let group = Group { of: of.clone(), kind, relation, is_incoming: way.is_incoming, count: members.len() };
        self.place.extend(members.iter().map(|member| (*member, self.boxes.len())));
        self.boxes.push(Boxed { content: Content::Group(group), layer });
    }
}

fn links(told: &BTreeSet<(&EntityRef, &str, &EntityRef)>, place: &BTreeMap<&EntityRef, usize>) -> Vec<Link> {
    let mut counted: BTreeMap<(usize, usize, &str), usize> = BTreeMap::new();
    for (from, relation, to) in told {
        if let (Some(from), Some(to)) = (place.get(from), place.get(to))
            && from != to
        {
            *counted.entry((*from, *to, relation)).or_default() += 1;
        }
    }
    let link = |((from, to, relation), count): ((usize, usize, &str), usize)| Link {
        from,
        to,
        relation: relation.to_owned(),
        count,
    };
    counted.into_iter().map(link).collect()
}
