//! What is on a page: its title, its headings, and the text between them.

use comrak::{
    Anchorizer,
    arena_tree::NodeEdge,
    nodes::{Node, NodeValue},
};
use domain::catalog::docs::front_title;
use serde::{Deserialize, Serialize};

/// A heading in a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// What follows `#` in its address.
    pub anchor: String,
    pub text: String,
}

/// From one heading to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Section {
    pub(super) anchor: Option<String>,
    pub(super) heading: String,
    pub(super) text: String,
}

#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) title: Option<String>,
    pub(super) headings: Vec<Heading>,
    pub(super) sections: Vec<Section>,
}

/// What follows is a part of the last one.
const MOST_SECTIONS: usize = 200;
/// Of the text that is searched, in bytes of one page.
const MOST_TEXT: usize = 200_000;
const MOST_HEADING: usize = 200;

/// Takes the title out of the page where it begins with one.
pub(super) fn outline<'a>(root: Node<'a>) -> Outline {
    let mut outline = Outline { title: taken_title(root), ..Outline::default() };
    outline.sections.push(Section::default());
    let (mut anchors, mut is_heading, mut room) = (Anchorizer::new(), false, MOST_TEXT);
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(node) => match &node.data().value {
                NodeValue::Heading(heading) => {
                    is_heading = true;
                    outline.begin(heading.level, node.collect_text(), &mut anchors);
                }
                _ if is_heading => {}
                value => outline.add(value, &mut room),
            },
            NodeEdge::End(node) => is_heading &= !matches!(node.data().value, NodeValue::Heading(_)),
        }
    }
    for section in &mut outline.sections {
        section.text = section.text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    outline.sections.retain(|section| !section.text.is_empty() || !section.heading.is_empty());
    outline
}

impl Outline {
    fn begin(&mut self, level: u8, text: String, anchors: &mut Anchorizer) {
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST_HEADING).collect();
        let anchor = format!("docs-{}", anchors.anchorize(&text));
        if self.sections.len() < MOST_SECTIONS {
            self.sections.push(Section { anchor: Some(anchor.clone()), heading: text.clone(), text: String::new() });
        }
        self.headings.push(Heading { level: level.max(2), anchor, text });
    }

    fn add(&mut self, value: &NodeValue, room: &mut usize) {
        let Some(section) = self.sections.last_mut() else { return };
        let text: &str = match value {
            NodeValue::Text(text) => text,
            NodeValue::Code(code) => &code.literal,
            NodeValue::CodeBlock(block) => &block.literal,
            NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::Paragraph => " ",
            NodeValue::Item(_) | NodeValue::TaskItem(_) | NodeValue::TableCell | NodeValue::HtmlInline(_) => " ",
            _ => return,
        };
        if matches!(value, NodeValue::CodeBlock(_)) {
            section.text.push(' ');
        }
        let cut = text.floor_char_boundary(*room);
        section.text.push_str(&text[..cut].replace('\0', " "));
        *room -= cut;
    }
}

fn taken_title<'a>(root: Node<'a>) -> Option<String> {
    let mut front = None;
    for node in root.children() {
        match &node.data().value {
            NodeValue::FrontMatter(text) => {
                front = front_title(text);
                continue;
            }
            NodeValue::Heading(heading) if heading.level == 1 => {}
            _ => break,
        }
        let text = node.collect_text();
        node.detach();
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST_HEADING).collect();
        return Some(text).filter(|text| !text.is_empty()).or(front);
    }
    front
}
