//! Which items of a list stay, which change and which come and go.

use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Keep { old: usize },
    Change { old: usize, new: usize },
    Remove { old: usize },
    Insert { new: usize },
}

/// Longer lists are not compared item by item: whatever lies between their equal ends is written anew.
const MOST_COMPARED: usize = 4 << 20;

/// The steps from one list to the other, in order; as many items stay as can.
pub(super) fn steps(old: &[Value], new: &[Value]) -> Vec<Step> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - tail], &new_rest[..new_rest.len() - tail]);
    let keep = |old| Step::Keep { old };
    let mut steps: Vec<Step> = (0..head).map(keep).collect();
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    for (kept_old, kept_new) in common(old_middle, new_middle) {
        gone.extend(i..kept_old);
        come.extend(j..kept_new);
        between(&mut gone, &mut come, old_middle, new_middle, head, &mut steps);
        steps.push(keep(head + kept_old));
        (i, j) = (kept_old + 1, kept_new + 1);
    }
    gone.extend(i..old_middle.len());
    come.extend(j..new_middle.len());
    between(&mut gone, &mut come, old_middle, new_middle, head, &mut steps);
    steps.extend((old.len() - tail..old.len()).map(keep));
    steps
}

/// The longest common run of two lists, as pairs of places.
fn common(old: &[Value], new: &[Value]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if old.len().saturating_mul(new.len()) > MOST_COMPARED {
        return Vec::new();
    }
    // How many items the rest of both lists can keep, from each place on.
    let mut kept = vec![0u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            kept[i * width + j] = if old[i] == new[j] {
                kept[(i + 1) * width + j + 1] + 1
            } else {
                kept[(i + 1) * width + j].max(kept[i * width + j + 1])
            };
        }
    }
    let (mut pairs, mut i, mut j) = (Vec::new(), 0, 0);
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if kept[(i + 1) * width + j] >= kept[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Maps that share their address or their title are the same one, changed; they are so only in order.
fn between(
    gone: &mut Vec<usize>,
    come: &mut Vec<usize>,
    old: &[Value],
    new: &[Value],
    head: usize,
    steps: &mut Vec<Step>,
) {
    let mut left = std::mem::take(gone).into_iter().peekable();
    for j in come.drain(..) {
        let pair = left.clone().find(|i| is_same(&old[*i], &new[j]));
        let Some(i) = pair else {
            steps.push(Step::Insert { new: head + j });
            continue;
        };
        while let Some(earlier) = left.next_if(|earlier| *earlier < i) {
            steps.push(Step::Remove { old: head + earlier });
        }
        left.next();
        steps.push(Step::Change { old: head + i, new: head + j });
    }
    steps.extend(left.map(|i| Step::Remove { old: head + i }));
}

fn is_same(old: &Value, new: &Value) -> bool {
    ["url", "title"].into_iter().any(|key| old.get(key).is_some_and(|value| new.get(key) == Some(value)))
}
