//! The curves between boxes.

use super::{
    Drawn, Placed, Point,
    near::Near,
    place::{GAP, WIDTH, left},
    ranks::Ranks,
};

pub(super) fn edges(near: &Near, ranks: &Ranks, centres: &[i32], boxes: &[Placed]) -> Vec<Drawn> {
    let drawn = near.links.iter().zip(&ranks.chains).map(|(link, chain)| {
        let (start, curves) = curves(ranks, centres, boxes, chain);
        let relation = link.relation.clone();
        Drawn { from: link.from, to: link.to, relation, count: link.count, start, curves }
    });
    drawn.collect()
}

fn curves(ranks: &Ranks, centres: &[i32], boxes: &[Placed], chain: &[usize]) -> (Point, Vec<[Point; 3]>) {
    let (first, last) = (chain.first().copied().unwrap_or(0), chain.last().copied().unwrap_or(0));
    let layer = |item: usize| ranks.layer_of[item];
    let edge = |item: usize, is_right: bool| Point {
        x: left(layer(item)) + if is_right { WIDTH } else { 0 },
        y: centres[item],
    };
    if layer(first) == layer(last) {
        return beside(edge(first, true), edge(last, true));
    }
    let goes_right = layer(first) < layer(last);
    let start = edge(first, goes_right);
    let (mut at, mut curves) = (start, Vec::new());
    for item in chain.iter().skip(1).copied() {
        let next = edge(item, !goes_right);
        curves.push(bow(at, next));
        at = next;
        if item >= boxes.len() {
            // Straight through its column.
            let through = edge(item, goes_right);
            curves.push([at, through, through]);
            at = through;
        }
    }
    (start, curves)
}

/// Leaves and arrives level.
fn bow(from: Point, to: Point) -> [Point; 3] {
    let x = from.x + (to.x - from.x) / 2;
    [Point { x, y: from.y }, Point { x, y: to.y }, to]
}

/// Two boxes of one column: around through the gap to their right.
fn beside(start: Point, end: Point) -> (Point, Vec<[Point; 3]>) {
    let x = start.x + GAP / 2;
    (start, vec![[Point { x, y: start.y }, Point { x, y: end.y }, end]])
}
