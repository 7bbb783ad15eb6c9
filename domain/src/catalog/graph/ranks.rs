//! The layers of a picture. Where a link crosses layers, it has a place of its own in each of them.

use super::near::Near;

pub(super) struct Ranks {
    /// From left to right, each from top to bottom. Items below the number of boxes are boxes, the others are bends.
    pub(super) layers: Vec<Vec<usize>>,
    /// Of each item: its neighbours in the layer to the left, and in that to the right.
    pub(super) left: Vec<Vec<usize>>,
    pub(super) right: Vec<Vec<usize>>,
    /// Of each link: the items from its start to its end.
    pub(super) chains: Vec<Vec<usize>>,
    pub(super) boxes: usize,
    /// The layer of each item.
    pub(super) layer_of: Vec<usize>,
}

/// More bends than these do not make a picture clearer: the links that come last go straight.
const MOST_BENDS: usize = 2_000;

pub(super) fn ranks(near: &Near) -> Ranks {
    let leftmost = near.boxes.iter().map(|one| one.layer).min().unwrap_or(0);
    let index = |layer: i32| usize::try_from(layer - leftmost).unwrap_or(0);
    let layer_of: Vec<usize> = near.boxes.iter().map(|one| index(one.layer)).collect();
    let count = layer_of.iter().max().map_or(0, |last| last + 1);
    let boxes = layer_of.len();
    let mut ranks = Ranks {
        layers: vec![Vec::new(); count],
        left: vec![Vec::new(); boxes],
        right: vec![Vec::new(); boxes],
        chains: Vec::with_capacity(near.links.len()),
        boxes,
        layer_of,
    };
    for item in 0..boxes {
        ranks.layers[ranks.layer_of[item]].push(item);
    }
    for link in &near.links {
        let chain = ranks.chain(link.from, link.to);
        ranks.chains.push(chain);
    }
    ranks
}

impl Ranks {
    fn chain(&mut self, from: usize, to: usize) -> Vec<usize> {
        let (start, end) = (self.layer_of[from], self.layer_of[to]);
        let between: Vec<usize> =
            if start < end { (start + 1..end).collect() } else { (end + 1..start).rev().collect() };
        let mut chain = vec![from];
        if self.left.len() - self.boxes + between.len() <= MOST_BENDS {
            chain.extend(between.into_iter().map(|layer| self.bend(layer)));
        }
        chain.push(to);
        for pair in chain.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            match self.layer_of[a].cmp(&self.layer_of[b]) {
                std::cmp::Ordering::Less => self.join(a, b),
                std::cmp::Ordering::Greater => self.join(b, a),
                std::cmp::Ordering::Equal => {}
            }
        }
        chain
    }

    fn bend(&mut self, layer: usize) -> usize {
        let item = self.left.len();
        self.left.push(Vec::new());
        self.right.push(Vec::new());
        self.layer_of.push(layer);
        self.layers[layer].push(item);
        item
    }

    fn join(&mut self, left: usize, right: usize) {
        if self.layer_of[left] + 1 == self.layer_of[right] {
            self.right[left].push(right);
            self.left[right].push(left);
        }
    }
}
