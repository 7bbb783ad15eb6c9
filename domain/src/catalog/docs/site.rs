//! `mkdocs.yml`, as far as it says which pages there are and in which order. Plugins and themes are not read, so that
//! nothing in the file is ever run.

use crate::{
    golden_paths::{Node, NodeKind, Place},
    yaml::{documents, read},
};

/// What a site says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    pub title: Option<String>,
    /// Where its pages lie, relative to its file.
    pub folder: String,
    /// In order; nothing where the file names none.
    pub steps: Option<Vec<Step>>,
    /// What is not understood, each a full sentence.
    pub problems: Vec<String>,
}

/// One line of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How many headings stand above it.
    pub depth: usize,
    pub title: Option<String>,
    pub target: Target,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nothing but a title for what stands below.
    Heading,
    /// A file, relative to the folder of the pages.
    Page(String),
    /// Somewhere else.
    Address(String),
}

const MOST_STEPS: usize = 1_000;
const MOST_DEPTH: usize = 5;
const MOST_TITLE: usize = 200;

/// Reads the keys that matter here, each by itself: what the others hold may be of a kind that only other programs know.
pub fn site(text: &str) -> Site {
    let mut site = Site { title: None, folder: "docs".to_owned(), steps: None, problems: Vec::new() };
    let value = |key: &str, problems: &mut Vec<String>| match block(text, key).map(|block| read(&block)) {
        None => None,
        Some(Ok(node)) => node.get(key).cloned(),
        Some(Err(fault)) => {
            problems.push(format!("`{key}` in mkdocs.yml is no YAML: {}. Mend it there.", fault.message));
            None
        }
    };
    let mut problems = Vec::new();
    site.title = value("site_name", &mut problems).and_then(|node| node.text().map(short)).filter(|t| !t.is_empty());
    if let Some(node) = value("docs_dir", &mut problems) {
        match node.text().map(str::trim).filter(|folder| !folder.is_empty()) {
            Some(folder) => site.folder = folder.to_owned(),
            None => problems.push("`docs_dir` in mkdocs.yml has to name a folder.".to_owned()),
        }
    }
    if let Some(node) = value("nav", &mut problems).filter(|node| node.kind != NodeKind::Null) {
        let mut steps = Vec::new();
        walk(&node, 0, &mut steps, &mut problems);
        site.steps = Some(steps);
    }
    site.problems = problems;
    site
}

/// The title that stands in front of a page's text, between two lines of dashes.
pub fn front_title(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("---").trim_end_matches("---");
    let node = documents(text).first()?.read().ok()?;
    node.get("title")?.text().map(short).filter(|title| !title.is_empty())
}

/// The lines of a key at the very left, up to the next one.
fn block(text: &str, key: &str) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let begins = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    let mut lines = text.lines().skip_while(|line| !begins(line));
    let first = lines.next()?;
    // A list may stand as far to the left as its key.
    let belongs = |line: &&str| line.is_empty() || line.starts_with([' ', '\t', '#', '-']) && !line.starts_with("---");
    Some(std::iter::once(first).chain(lines.take_while(belongs)).collect::<Vec<_>>().join("\n"))
}

fn walk(list: &Node, depth: usize, steps: &mut Vec<Step>, problems: &mut Vec<String>) {
    if !list.is_list() {
        problems.push("`nav` in mkdocs.yml has to be a list of pages, each a file or a title with a file.".to_owned());
        return;
    }
    for item in list.items() {
        if steps.len() >= MOST_STEPS {
            problems.push(format!("`nav` in mkdocs.yml has more than {MOST_STEPS} lines. Take some out."));
            return;
        }
        match (item.text(), item.entries()) {
            (Some(text), _) => steps.push(Step { depth, title: None, target: target(text) }),
            (None, [entry]) => match (entry.value.text(), entry.value.is_list()) {
                (Some(text), _) => steps.push(Step { depth, title: Some(short(&entry.key)), target: target(text) }),
                (None, true) if depth < MOST_DEPTH => {
                    steps.push(Step { depth, title: Some(short(&entry.key)), target: Target::Heading });
                    walk(&entry.value, depth + 1, steps, problems);
                }
                _ => problems.push(unclear(item.place)),
            },
            _ => problems.push(unclear(item.place)),
        }
    }
}

fn target(text: &str) -> Target {
    let text = text.trim();
    if text.contains("://") { Target::Address(text.to_owned()) } else { Target::Page(text.to_owned()) }
}

fn unclear(Place { line, .. }: Place) -> String {
    format!(
        "Line {line} of `nav` in mkdocs.yml is neither a page nor a list of pages with a title. Write `Title: file.md`."
    )
}

fn short(text: &str) -> String {
    text.trim().chars().take(MOST_TITLE).collect()
}
