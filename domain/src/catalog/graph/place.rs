//! Where everything stands: columns for the layers, and in each column every item as near to the middle of its
//! neighbours as the items above and below it allow.

use super::{Placed, near::Near, ranks::Ranks};

pub(super) const WIDTH: i32 = 208;
pub(super) const HEIGHT: i32 = 48;
/// Between two columns; curves turn here.
pub(super) const GAP: i32 = 96;
/// Between two boxes of a column.
const ROOM: i32 = 16;
/// Around the whole.
const MARGIN: i32 = 16;
const PASSES: usize = 8;

/// The centre of each item, from the top.
pub(super) fn places(ranks: &Ranks) -> Vec<i32> {
    let mut centres = vec![0; ranks.layer_of.len()];
    for layer in &ranks.layers {
        let wanted = vec![0; layer.len()];
        settle(ranks, layer, &wanted, &mut centres);
    }
    for pass in 0..PASSES {
        let count = ranks.layers.len();
        for at in 0..count {
            let layer = if pass % 2 == 0 { at } else { count - 1 - at };
            let items = &ranks.layers[layer];
            let wanted: Vec<i32> = items.iter().map(|item| middle(ranks, *item, &centres)).collect();
            settle(ranks, items, &wanted, &mut centres);
        }
    }
    let top = (0..centres.len()).map(|item| centres[item] - half(ranks, item)).min().unwrap_or(0);
    centres.iter_mut().for_each(|centre| *centre += MARGIN - top);
    centres
}

/// The left edge of a column.
pub(super) fn left(layer: usize) -> i32 {
    MARGIN + i32::try_from(layer).unwrap_or(i32::MAX / 2 / (WIDTH + GAP)) * (WIDTH + GAP)
}

pub(super) fn boxes(near: &Near, ranks: &Ranks, centres: &[i32]) -> Vec<Placed> {
    let placed = near.boxes.iter().enumerate().map(|(at, one)| Placed {
        content: one.content.clone(),
        x: left(ranks.layer_of[at]),
        y: centres[at] - HEIGHT / 2,
        width: WIDTH,
        height: HEIGHT,
        layer: one.layer,
        is_focus: at == 0,
    });
    placed.collect()
}

/// Width and height of the whole. Behind the last column there is room for curves between its boxes.
pub(super) fn size(ranks: &Ranks, centres: &[i32]) -> (i32, i32) {
    let last = ranks.layers.len().saturating_sub(1);
    let bottom = (0..centres.len()).map(|item| centres[item] + half(ranks, item)).max().unwrap_or(0);
    (left(last) + WIDTH + GAP / 2 + MARGIN, bottom + MARGIN)
}

/// A bend is a line and takes no height.
fn half(ranks: &Ranks, item: usize) -> i32 {
    if item < ranks.boxes { HEIGHT / 2 } else { 0 }
}

fn middle(ranks: &Ranks, item: usize, centres: &[i32]) -> i32 {
    let (mut sum, mut count) = (0i64, 0i64);
    for other in ranks.left[item].iter().chain(&ranks.right[item]) {
        sum += i64::from(centres[*other]);
        count += 1;
    }
    if count == 0 { centres[item] } else { i32::try_from(sum / count).unwrap_or(centres[item]) }
}

/// Puts the items of a column as near to the wanted centres as their order and their room allow: runs of items that
/// push each other move together, to the middle of what they want (pooling of neighbours, linear).
fn settle(ranks: &Ranks, items: &[usize], wanted: &[i32], centres: &mut [i32]) {
    // How far each item stands below the first when all are packed.
    let mut packed = Vec::with_capacity(items.len());
    let mut at = 0;
    for (n, item) in items.iter().enumerate() {
        at += if n == 0 { 0 } else { half(ranks, items[n - 1]) + ROOM + half(ranks, *item) };
        packed.push(at);
    }
    // Of each run: the sum of what its items want, and how many there are.
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for (wanted, packed) in wanted.iter().zip(&packed) {
        let mut run = (i64::from(*wanted) - i64::from(*packed), 1);
        while let Some(before) = runs.pop_if(|before| before.0 * run.1 >= run.0 * before.1) {
            run = (before.0 + run.0, before.1 + run.1);
        }
        runs.push(run);
    }
    let starts = runs.iter().flat_map(|(sum, count)| (0..*count).map(move |_| sum.div_euclid(*count)));
    for ((item, packed), start) in items.iter().zip(packed).zip(starts) {
        centres[*item] = i32::try_from(start).unwrap_or(0) + packed;
    }
}
