//! The picture as a nested list, in which everything stands below what is nearest to the focus.

use std::collections::VecDeque;

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
    /// It has an entry of its own in the list, with what belongs to it: say so and name nothing below it.
    pub is_told_elsewhere: bool,
    pub below: Vec<Branch>,
}

pub(super) fn outline(near: &Near) -> Branch {
    let mut links_of = vec![Vec::new(); near.boxes.len()];
    for (at, link) in near.links.iter().enumerate() {
        links_of[link.from].push(at);
        links_of[link.to].push(at);
    }
    let reached_by = reached_by(near, &links_of);
    let is_told = vec![false; near.links.len()];
    Walk { near, links_of, reached_by, is_told }.branch(0, String::new(), false)
}

/// The link by which each box is reached first from the focus, in rings around it.
fn reached_by(near: &Near, links_of: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut reached_by = vec![None; near.boxes.len()];
    let mut queue = VecDeque::from([0]);
    while let Some(at) = queue.pop_front() {
        for link in &links_of[at] {
            let other = near.links[*link].other(at);
            if other != 0 && reached_by[other].is_none() {
                reached_by[other] = Some(*link);
                queue.push_back(other);
            }
        }
    }
    reached_by
}

impl Link {
    fn other(&self, at: usize) -> usize {
        if self.from == at { self.to } else { self.from }
    }
}

struct Walk<'a> {
    near: &'a Near,
    /// Of each box, in the order of the links.
    links_of: Vec<Vec<usize>>,
    reached_by: Vec<Option<usize>>,
    is_told: Vec<bool>,
}

impl Walk<'_> {
    /// No deeper than there are rings.
    fn branch(&mut self, at: usize, relation: String, is_incoming: bool) -> Branch {
        let mut below = Vec::new();
        for link in self.links_of[at].clone() {
            if !std::mem::replace(&mut self.is_told[link], true) {
                below.push(self.entry(at, link));
            }
        }
        let content = self.near.boxes[at].content.clone();
        Branch { content, relation, is_incoming, is_told_elsewhere: false, below }
    }

    /// What a link leads to, seen from one of its ends.
    fn entry(&mut self, at: usize, link: usize) -> Branch {
        let Link { to, relation, .. } = self.near.links[link].clone();
        let other = self.near.links[link].other(at);
        if self.reached_by[other] == Some(link) {
            return self.branch(other, relation, to == at);
        }
        let content = self.near.boxes[other].content.clone();
        Branch { content, relation, is_incoming: to == at, is_told_elsewhere: true, below: Vec::new() }
    }
}
