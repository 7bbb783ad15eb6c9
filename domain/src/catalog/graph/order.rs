//! The order within each layer, with few crossings: every item goes to the middle of its neighbours, again and again,
//! and the best order that was seen is kept (barycentre sweeps).

use super::ranks::Ranks;

/// Later sweeps change little.
const SWEEPS: usize = 12;
/// Middles are compared as whole numbers of this fraction of a place.
const FRACTION: usize = 1 << 12;

pub(super) fn order(ranks: &mut Ranks) {
    let mut best = (crossings(ranks), ranks.layers.clone());
    for sweep in 0..SWEEPS {
        if best.0 == 0 {
            break;
        }
        let count = ranks.layers.len();
        if sweep % 2 == 0 {
            (1..count).for_each(|layer| sort(ranks, layer, layer - 1));
        } else {
            (0..count.saturating_sub(1)).rev().for_each(|layer| sort(ranks, layer, layer + 1));
        }
        let found = crossings(ranks);
        if found < best.0 {
            best = (found, ranks.layers.clone());
        }
    }
    ranks.layers = best.1;
}

/// How many pairs of links between neighbouring layers cross.
pub(super) fn crossings(ranks: &Ranks) -> usize {
    let place = places(ranks);
    ranks.layers.iter().map(|layer| between(layer, &ranks.right, &place)).sum()
}

/// Sorts a layer by the middle of each item's neighbours in the fixed one. Who has none stays about where it is.
fn sort(ranks: &mut Ranks, layer: usize, fixed: usize) {
    let place = places(ranks);
    let neighbours = if fixed < layer { &ranks.left } else { &ranks.right };
    let middle = |item: usize| match neighbours[item].len() {
        0 => place[item] * FRACTION,
        count => neighbours[item].iter().map(|other| place[*other]).sum::<usize>() * FRACTION / count,
    };
    let mut items: Vec<(usize, usize)> = ranks.layers[layer].iter().map(|item| (middle(*item), *item)).collect();
    items.sort_by_key(|(middle, _)| *middle);
    ranks.layers[layer] = items.into_iter().map(|(_, item)| item).collect();
}

/// The place of each item within its layer.
fn places(ranks: &Ranks) -> Vec<usize> {
    let mut place = vec![0; ranks.layer_of.len()];
    for layer in &ranks.layers {
        for (at, item) in layer.iter().enumerate() {
            place[*item] = at;
        }
    }
    place
}

/// Pairs that stand in one order on the left and in the other on the right, counted with a tree of sums.
fn between(layer: &[usize], right: &[Vec<usize>], place: &[usize]) -> usize {
    let ends: Vec<Vec<usize>> = layer
        .iter()
        .map(|item| {
            let mut ends: Vec<usize> = right[*item].iter().map(|other| place[*other]).collect();
            ends.sort_unstable();
            ends
        })
        .collect();
    let width = ends.iter().flatten().max().map_or(0, |last| last + 1);
    let mut sums = vec![0usize; width + 1];
    let (mut seen, mut crossings) = (0, 0);
    for ends in &ends {
        for end in ends {
            crossings += seen - up_to(&sums, end + 1);
        }
        for end in ends {
            add(&mut sums, end + 1);
            seen += 1;
        }
    }
    crossings
}

fn up_to(sums: &[usize], mut at: usize) -> usize {
    let mut sum = 0;
    while at > 0 {
        sum += sums[at];
        at &= at - 1;
    }
    sum
}

fn add(sums: &mut [usize], mut at: usize) {
    while at < sums.len() {
        sums[at] += 1;
        at += at & at.wrapping_neg();
    }
}
