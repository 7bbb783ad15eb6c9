//! Any picture: everything is placed, nothing overlaps, every curve goes from its box to its box.

use std::time::{Duration, Instant};

use proptest::{collection::vec, prelude::*};

use super::*;

const KINDS: [&str; 3] = ["component", "api", "group"];
const RELATIONS: [&str; 4] = ["dependsOn", "dependencyOf", "ownedBy", "custom"];

fn graphs() -> impl Strategy<Value = (Vec<Node>, Vec<Edge>, usize)> {
    (1usize..60).prop_flat_map(|count| {
        let name = |n: usize| format!("{}:default/n{n}", KINDS[n % KINDS.len()]);
        let nodes: Vec<Node> = (0..count).map(|n| node(&name(n))).collect();
        let edge = (0..count, 0..count, 0..RELATIONS.len())
            .prop_map(move |(from, to, relation)| edge(&name(from), RELATIONS[relation], &name(to)));
        (Just(nodes), vec(edge, 0..200), 0usize..5)
    })
}

fn overlaps(a: &Placed, b: &Placed) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

fn touches(point: Point, one: &Placed) -> bool {
    (point.x == one.x || point.x == one.x + one.width) && (one.y..=one.y + one.height).contains(&point.y)
}

/// The boxes whose columns a straight part of a curve goes through.
fn is_behind(a: Point, b: Point, one: &Placed) -> bool {
    a.y == b.y && a.x.min(b.x) < one.x + one.width && a.x.max(b.x) > one.x && (one.y..one.y + one.height).contains(&a.y)
}

fn count(branch: &Branch) -> usize {
    1 + branch.below.iter().map(count).sum::<usize>()
}

fn expanded(branch: &Branch) -> usize {
    usize::from(!branch.is_told_elsewhere) + branch.below.iter().map(expanded).sum::<usize>()
}

proptest! {
    #[test]
    fn every_picture_is_in_order((nodes, edges, depth) in graphs()) {
        let graph = draw(&nodes[0], &nodes, &edges, depth);
        for (at, one) in graph.boxes.iter().enumerate() {
            prop_assert!(one.x >= 0 && one.y >= 0 && one.x + one.width <= graph.width && one.y + one.height <= graph.height);
            prop_assert!(graph.boxes[..at].iter().all(|other| !overlaps(one, other)));
        }
        for drawn in &graph.edges {
            prop_assert!(touches(drawn.start, &graph.boxes[drawn.from]));
            let end = drawn.curves.last().unwrap()[2];
            prop_assert!(touches(end, &graph.boxes[drawn.to]));
            let mut at = drawn.start;
            for [_, _, next] in &drawn.curves {
                if at.y == next.y && drawn.curves.len() > 1 {
                    prop_assert!(!graph.boxes.iter().any(|one| is_behind(at, *next, one)));
                }
                at = *next;
            }
        }
        // Each box is expanded once in the list, and each relation is one entry.
        prop_assert_eq!(expanded(&graph.outline), graph.boxes.len());
        prop_assert_eq!(count(&graph.outline), graph.edges.len() + 1);
        // Everything told between two drawn entities is drawn.
        let place = |reference: &EntityRef| graph.boxes.iter().position(|b| matches!(&b.content, Content::Entity(node) if node.reference == *reference));
        for edge in edges.iter().filter(|edge| edge.from != edge.to) {
            if let (Some(from), Some(to)) = (place(&edge.from), place(&edge.to)) {
                prop_assert!(graph.edges.iter().any(|d| (d.from, d.to) == (from, to) || (d.from, d.to) == (to, from)));
            }
        }
    }

    #[test]
    fn order_of_input_makes_no_difference((nodes, edges, depth) in graphs()) {
        let graph = draw(&nodes[0], &nodes, &edges, depth);
        let (mut other_nodes, mut other_edges) = (nodes.clone(), edges.clone());
        other_nodes.reverse();
        other_edges.reverse();
        prop_assert_eq!(draw(&nodes[0], &other_nodes, &other_edges, depth), graph);
    }
}

#[test]
fn a_crowd_is_drawn_at_once() {
    // Many kinds, so that nothing is grouped before there is no room left.
    let name = |n: usize| format!("kind{}:default/n{n}", n / 12);
    let mut edges: Vec<Edge> = (1..2_000).map(|n| edge(&name(n), "dependsOn", "component:default/hub")).collect();
    edges.extend((1..2_000).flat_map(|n| (1..6).map(move |m| edge(&name(n), "custom", &name(n * 7 * m % 2_000)))));
    let nodes: Vec<Node> = (0..2_000).map(|n| node(&name(n))).collect();
    let start = Instant::now();
    let graph = draw(&node("component:default/hub"), &nodes, &edges, 3);
    let took = start.elapsed();
    assert_eq!(graph.boxes.len(), MOST_BOXES);
    // Without optimisation and on a busy machine; a quadratic step would take many times that.
    assert!(took < Duration::from_millis(1_500), "{took:?}");
}
