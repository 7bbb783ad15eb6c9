//! What depends on what around one entity, drawn in layers: what it needs to its right, what needs it to its left. Plain
//! numbers for a picture, and the same content as a nested list.
//!
//! The layout is our own: the layers are the distances from the focus, which no layout library takes from outside, and a
//! picture of a page must neither panic nor differ from one call to the next. The steps are those of Sugiyama, Tagawa
//! and Toda (1981): layers, an order with few crossings, places, curves.

mod near;
mod order;
mod outline;
mod place;
mod ranks;
mod route;
#[cfg(test)]
mod tests;

pub use outline::Branch;

use super::{EntityRef, descriptor::forward};

/// An entity that may be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub reference: EntityRef,
    pub title: String,
}

/// One relation. Whether it is told from one side (`dependsOn`), from the other (`dependencyOf`) or from both makes no
/// difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: EntityRef,
    pub to: EntityRef,
    pub relation: String,
}

/// What a box stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Entity(Node),
    Group(Group),
}

/// Neighbours of one entity that would be too many to draw, of one kind and one relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub of: EntityRef,
    /// In small letters, as in references.
    pub kind: String,
    /// As seen from the entity to the left, such as `dependsOn`.
    pub relation: String,
    /// The entity stands to the right: they need it.
    pub is_incoming: bool,
    /// At least two.
    pub count: usize,
}

/// A box of a picture, in units of a pixel; the picture begins at 0, 0 in its upper left corner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub content: Content,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
    /// Steps to the right of the focus; those to its left are below zero.
    pub layer: i32,
    pub is_focus: bool,
}

/// A curve from one box to another. It never lies behind a box that it does not belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Places in the list of boxes.
    pub from: usize,
    pub to: usize,
    /// As seen from `from`.
    pub relation: String,
    /// How many relations it stands for: more than one where a group is at an end.
    pub count: usize,
    /// At the edge of `from`.
    pub start: Point,
    /// Cubic Bézier curves, one after the other: two control points and the end. The last ends at the edge of `to`.
    pub curves: Vec<[Point; 3]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    pub width: i32,
    pub height: i32,
    /// The focus first, then by distance from it.
    pub boxes: Vec<Placed>,
    pub edges: Vec<Drawn>,
    /// Entities next to a box, and within the depth, for which there was no room.
    pub left_out: usize,
    /// The same for those who do not see the picture.
    pub outline: Branch,
}

/// More neighbours of one kind and one relation than these become one box.
pub const MOST_ALIKE: usize = 12;
/// More boxes than these are not read by anybody.
pub const MOST_BOXES: usize = 150;

/// Draws what is at most `depth` steps from the focus, in either direction. Edges to entities that are not among the
/// nodes are left out, as are those from an entity to itself.
pub fn draw(focus: &Node, nodes: &[Node], edges: &[Edge], depth: usize) -> Graph {
    let near = near::near(focus, nodes, edges, depth);
    let mut ranks = ranks::ranks(&near);
    order::order(&mut ranks);
    let places = place::places(&ranks);
    let boxes: Vec<Placed> = place::boxes(&near, &ranks, &places);
    let edges = route::edges(&near, &ranks, &places, &boxes);
    let (width, height) = place::size(&ranks, &places);
    Graph { width, height, outline: outline::outline(&near), boxes, edges, left_out: near.left_out }
}

impl Content {
    /// The words on a box.
    pub fn title(&self) -> String {
        match self {
            Self::Entity(node) => node.title.clone(),
            Self::Group(group) => group.title(),
        }
    }
}

impl Group {
    /// `1,987 components`
    pub fn title(&self) -> String {
        let digits = self.count.to_string();
        let mut number = String::new();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                number.push(',');
            }
            number.push(digit);
        }
        let kind = if self.kind == "api" { "API" } else { self.kind.as_str() };
        match kind.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
            Some(stem) => format!("{number} {stem}ies"),
            None => format!("{number} {kind}s"),
        }
    }
}

impl Drawn {
    /// The attribute `d` of an SVG path.
    pub fn path(&self) -> String {
        let mut path = format!("M{} {}", self.start.x, self.start.y);
        for [a, b, end] in &self.curves {
            path.push_str(&format!("C{} {} {} {} {} {}", a.x, a.y, b.x, b.y, end.x, end.y));
        }
        path
    }
}
