//! The picture as a nested list: from the focus into the depth.

use super::{
    Content,
    near::{Link, Near},
};

/// An entry of the list, with those below it. Every relation of the picture is one entry, besides the focus itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    pub content: Content,
    /// How it is related to the entry above it; empty for the focus.
    pub relation: String,
    /// The relation starts here and ends at the entry above.
    pub is_incoming: bool,
    /// It has stood further up with what belongs to it: say so and name nothing below it.
    pub is_seen_above: bool,
    pub below: Vec<Branch>,
}

pub(super) fn outline(near: &Near) -> Branch {
    let mut links_of = vec![Vec::new(); near.boxes.len()];
    for (at, link) in near.links.iter().enumerate() {
        links_of[link.from].push(at);
        links_of[link.to].push(at);
    }
    let mut walk =
        Walk { near, links_of, is_seen: vec![false; near.boxes.len()], is_told: vec![false; near.links.len()] };
    walk.branch(0, String::new(), false)
}

struct Walk<'a> {
    near: &'a Near,
    /// Of each box, in the order of the links.
    links_of: Vec<Vec<usize>>,
    is_seen: Vec<bool>,
    is_told: Vec<bool>,
}

impl Walk<'_> {
    /// No deeper than there are boxes.
    fn branch(&mut self, at: usize, relation: String, is_incoming: bool) -> Branch {
        let is_seen_above = std::mem::replace(&mut self.is_seen[at], true);
        let content = self.near.boxes[at].content.clone();
        let mut below = Vec::new();
        for link in if is_seen_above { Vec::new() } else { self.links_of[at].clone() } {
            if !std::mem::replace(&mut self.is_told[link], true) {
                let Link { from, to, relation, .. } = &self.near.links[link];
                let other = if *from == at { *to } else { *from };
                below.push(self.branch(other, relation.clone(), *to == at));
            }
        }
        Branch { content, relation, is_incoming, is_seen_above, below }
    }
}
