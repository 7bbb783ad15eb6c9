//! Small pictures one by one, then any picture at all.

mod property;

use super::*;

pub(super) fn node(reference: &str) -> Node {
    let reference: EntityRef = reference.parse().unwrap();
    Node { title: reference.name().to_owned(), reference }
}

pub(super) fn edge(from: &str, relation: &str, to: &str) -> Edge {
    Edge { from: from.parse().unwrap(), to: to.parse().unwrap(), relation: relation.to_owned() }
}

fn short(name: &str) -> String {
    format!("component:default/{name}")
}

/// The picture around `a`; edges as `a>b`, all of them dependencies.
fn picture(edges: &str, depth: usize) -> Graph {
    let edges: Vec<Edge> = edges
        .split_whitespace()
        .map(|edge| {
            let (from, to) = edge.split_once('>').unwrap();
            self::edge(&short(from), "dependsOn", &short(to))
        })
        .collect();
    let nodes: Vec<Node> =
        edges.iter().flat_map(|edge| [&edge.from, &edge.to]).map(|reference| node(&reference.to_string())).collect();
    draw(&node(&short("a")), &nodes, &edges, depth)
}

/// Title and layer of each box.
fn layers(graph: &Graph) -> Vec<(String, i32)> {
    let mut layers: Vec<(String, i32)> = graph.boxes.iter().map(|b| (b.content.title(), b.layer)).collect();
    layers.sort();
    layers
}

/// `a(>b(>c) <d)`: what is needed with `>`, what needs it with `<`, what has an entry elsewhere with `^`.
fn list(branch: &Branch) -> String {
    let below: Vec<String> =
        branch.below.iter().map(|b| format!("{}{}", if b.is_incoming { "<" } else { ">" }, list(b))).collect();
    let mark = if branch.is_told_elsewhere { "^" } else { "" };
    let below = if below.is_empty() { String::new() } else { format!("({})", below.join(" ")) };
    format!("{}{mark}{below}", branch.content.title())
}

#[test]
fn what_is_needed_stands_right_and_what_needs_it_left() {
    let graph = picture("a>b b>c x>a y>x x>b z>b", 2);
    let expected = [("a", 0), ("b", 1), ("c", 2), ("x", -1), ("y", -2), ("z", 0)];
    assert_eq!(layers(&graph), expected.map(|(name, layer)| (name.to_owned(), layer)));
    assert!(graph.boxes[0].is_focus && graph.boxes.iter().filter(|b| b.is_focus).count() == 1);
    assert_eq!(graph.left_out, 0);
    assert_eq!(layers(&picture("a>b b>c x>a y>x", 1)).len(), 3);
    assert_eq!(layers(&picture("a>b", 0)).len(), 1);
    // From x to b the curve goes through the column of the focus, not behind the box.
    let long = graph.edges.iter().find(|e| graph.boxes[e.from].layer == -1 && graph.boxes[e.to].layer == 1).unwrap();
    assert_eq!(long.curves.len(), 3);
    let focus = &graph.boxes[0];
    assert!(long.curves[0][2].y < focus.y || long.curves[0][2].y > focus.y + focus.height);
}

#[test]
fn the_list_says_the_same_and_ends() {
    assert_eq!(list(&picture("a>b b>c x>a", 2).outline), "a(>b(>c) <x)");
    assert_eq!(list(&picture("a>b b>c c>a", 3).outline), "a(>b(>c^) <c)");
    assert_eq!(list(&picture("a>b a>c b>d c>d", 2).outline), "a(>b(>d(<c^)) >c)");
    assert_eq!(list(&picture("a>b b>a", 2).outline), "a(>b(>a^))");
}

#[test]
fn circles_and_loops_end() {
    let graph = picture("a>a a>b b>c c>a b>a", 5);
    assert_eq!(graph.boxes.len(), 3);
    assert_eq!(graph.edges.len(), 4);
}

#[test]
fn a_relation_told_from_both_sides_is_one() {
    let nodes = [node("group:default/team")];
    let both = [
        edge("component:default/a", "ownedBy", "group:default/team"),
        edge("group:default/team", "ownerOf", "component:default/a"),
        edge("component:default/a", "custom", "group:default/team"),
        edge("component:default/a", "ownedBy", "group:default/hidden"),
    ];
    let graph = draw(&node("component:default/a"), &nodes, &both, 3);
    assert_eq!(graph.boxes.len(), 2);
    let relations: Vec<(&str, usize)> = graph.edges.iter().map(|e| (e.relation.as_str(), e.from)).collect();
    assert_eq!(relations, [("custom", 0), ("ownedBy", 0)]);
}

#[test]
fn crowds_become_groups_and_stay_readable() {
    let reference = |kind: &str, n: usize| format!("{kind}:default/n{n}");
    let mut edges: Vec<Edge> =
        (0..1_987).map(|n| edge(&reference("component", n), "ownedBy", "group:default/team")).collect();
    edges.extend((0..13).map(|n| edge(&reference("api", n), "ownedBy", "group:default/team")));
    edges.extend((0..12).map(|n| edge("group:default/team", "parentOf", &reference("group", n))));
    edges.push(edge("component:default/n7", "dependsOn", "component:default/n8"));
    edges.push(edge("component:default/n7", "dependsOn", "group:default/n1"));
    let nodes: Vec<Node> = edges.iter().flat_map(|e| [&e.from, &e.to]).map(|r| node(&r.to_string())).collect();
    let graph = draw(&node("group:default/team"), &nodes, &edges, 2);
    assert_eq!(graph.boxes.len(), 1 + 2 + 12);
    let groups: Vec<(String, bool)> = graph
        .boxes
        .iter()
        .filter_map(|b| match &b.content {
            Content::Group(group) => Some((group.title(), group.is_incoming)),
            Content::Entity(_) => None,
        })
        .collect();
    let expected = [("12 groups", true), ("1,987 components", true), ("13 APIs", true)];
    assert!(groups.iter().all(|(title, is_in)| expected.contains(&(title.as_str(), *is_in))), "{groups:?}");
    assert_eq!(groups.len(), 2);
    let to_all = graph.edges.iter().find(|e| e.count == 1_987).unwrap();
    assert_eq!(graph.boxes[to_all.to].layer, 0);
    // One member has a relation of its own: it is that of the group.
    assert!(graph.edges.iter().any(|e| e.from == to_all.from && e.relation == "dependsOn" && e.count == 1));
}

#[test]
fn what_has_no_room_is_counted() {
    // Each of twelve needs twelve others, and so on: far more than anybody reads.
    let mut edges = Vec::new();
    for (n, parent) in (1..2_000usize).map(|n| (n, (n - 1) / 12)) {
        edges.push(format!("{}>n{n}", if parent == 0 { "a".to_owned() } else { format!("n{parent}") }));
    }
    let graph = picture(&edges.join(" "), 2);
    assert_eq!(graph.boxes.len(), MOST_BOXES);
    assert_eq!(graph.boxes.len() + graph.left_out, 1 + 12 + 144);
}

#[test]
fn names_in_the_plural() {
    let title = |kind: &str, count| {
        Group {
            of: node("group:default/a").reference,
            kind: kind.to_owned(),
            relation: String::new(),
            is_incoming: true,
            count,
        }
        .title()
    };
    assert_eq!(title("component", 1_234_567), "1,234,567 components");
    assert_eq!(title("api", 13), "13 APIs");
    assert_eq!(title("policy", 100), "100 policies");
    assert_eq!(title("relay", 1_000), "1,000 relays");
}

/// Pairs of curves between the same two layers that cross.
fn crossings(graph: &Graph) -> usize {
    let end = |at: usize| (graph.boxes[at].layer, graph.boxes[at].y);
    let edges: Vec<_> = graph.edges.iter().map(|edge| (end(edge.from), end(edge.to))).collect();
    let cross = |(a, b): &((i32, i32), (i32, i32)), (c, d): &((i32, i32), (i32, i32))| {
        a.0 == c.0 && b.0 == d.0 && a.0 != b.0 && (a.1 - c.1).signum() * (b.1 - d.1).signum() < 0
    };
    edges.iter().enumerate().map(|(at, one)| edges[..at].iter().filter(|other| cross(one, other)).count()).sum()
}

#[test]
fn what_can_be_drawn_without_crossings_is() {
    for edges in
        ["a>b a>c b>d b>e c>f c>g x>a", "a>b a>c a>d b>p b>q c>q d>p", "a>b a>c a>d x>a y>a z>a v>x v>z w>y w>x"]
    {
        assert_eq!(crossings(&picture(edges, 2)), 0, "{edges}");
    }
    // Every one of three with every one of three: nobody can do that.
    assert!(crossings(&picture("a>b a>c a>d b>x b>y b>z c>x c>y c>z d>x d>y d>z", 2)) > 0);
}

#[test]
fn a_curve_is_a_path() {
    let path = picture("a>b", 1).edges[0].path();
    assert_eq!(path, "M224 40C272 40 272 40 320 40");
}
