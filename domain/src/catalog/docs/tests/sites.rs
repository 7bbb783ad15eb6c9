//! What `mkdocs.yml` says.

use crate::catalog::docs::{Site, Step, Target, front_title, site};

fn step(depth: usize, title: Option<&str>, target: Target) -> Step {
    Step { depth, title: title.map(str::to_owned), target }
}

fn page(name: &str) -> Target {
    Target::Page(name.to_owned())
}

#[test]
fn the_pages_are_read_and_the_rest_is_left_alone() {
    let text = "site_name: Checkout
theme: {name: material}
plugins:
  - techdocs-core
nav:
- index.md
# a remark
- Guides:
    - First steps: guide/start.md
    - Deep:
        - guide/deep.md
- 'Elsewhere': https://example.org/

markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
docs_dir: documentation
";
    let Site { title, folder, steps, problems } = site(text);
    assert_eq!((title.as_deref(), folder.as_str(), problems), (Some("Checkout"), "documentation", vec![]));
    let expected = [
        step(0, None, page("index.md")),
        step(0, Some("Guides"), Target::Heading),
        step(1, Some("First steps"), page("guide/start.md")),
        step(1, Some("Deep"), Target::Heading),
        step(2, None, page("guide/deep.md")),
        step(0, Some("Elsewhere"), Target::Address("https://example.org/".to_owned())),
    ];
    assert_eq!(steps.unwrap(), expected);
}

#[test]
fn what_is_not_said_is_as_usual() {
    for text in ["", "site_name:\n", "# nothing", "nav:\n", "nav_bar: [a]\n", "  nav: [a.md]\n", "\u{feff}theme: x\n"] {
        let found = site(text);
        assert_eq!(found, Site { title: None, folder: "docs".into(), steps: None, problems: vec![] }, "{text:?}");
    }
}

#[test]
fn what_is_not_understood_is_said() {
    for (text, word, steps) in [
        ("nav: index.md\n", "list of pages", Some(0)),
        ("nav:\n  - 1\n  - a.md\n", "Line 2", Some(1)),
        ("nav:\n  - {a: a.md, b: b.md}\n", "Line 2", Some(0)),
        ("nav:\n  - a: {b: c}\n", "Line 2", Some(0)),
        ("nav: [a.md\nsite_name: x\n", "no YAML", None),
        ("docs_dir: [a]\n", "folder", None),
    ] {
        let found = site(text);
        assert!(found.problems.iter().any(|why| why.contains(word) && why.ends_with('.')), "{text}: {found:?}");
        assert_eq!(found.steps.map(|steps| steps.len()), steps, "{text}");
    }
    let long = format!("nav:\n{}", "- a.md\n".repeat(1_200));
    let found = site(&long);
    assert_eq!((found.steps.unwrap().len(), found.problems.len()), (1_000, 1));
    let deep = (0..9).fold(String::from("nav:\n"), |text, n| format!("{text}{}- a:\n", "  ".repeat(n)));
    assert_eq!(site(&deep).steps.unwrap().len(), 5, "what lies deeper is left out");
}

#[test]
fn a_title_in_front() {
    for (text, title) in [
        ("---\ntitle: Run it\ntags: [a]\n---\n", Some("Run it")),
        ("---\ntags: [a]\n---\n", None),
        ("---\ntitle: [a\n---\n", None),
        ("", None),
    ] {
        assert_eq!(front_title(text).as_deref(), title, "{text:?}");
    }
}
