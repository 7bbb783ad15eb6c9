//! What links mean.

use proptest::prelude::*;

use crate::catalog::docs::{Library, Link};

fn library() -> Library {
    Library::below(
        "docs",
        ["docs/index.md", "docs/guide/start.md", "docs/guide/index.md", "docs/a b.md", "docs/run.md"],
    )
}

fn page(address: &str, anchor: Option<&str>) -> Link {
    Link::Page { address: address.to_owned(), anchor: anchor.map(str::to_owned) }
}

fn file(path: &str) -> Link {
    Link::File(path.to_owned())
}

#[test]
fn table() {
    let web = |address: &str| Link::Web(address.to_owned());
    for (from, target, means) in [
        ("docs/index.md", "guide/start.md", page("guide/start", None)),
        ("docs/index.md", "./guide/start.md#first-steps", page("guide/start", Some("first-steps"))),
        ("docs/index.md", "guide/start", page("guide/start", None)),
        ("docs/index.md", "guide/start/", page("guide/start", None)),
        ("docs/index.md", "guide/", page("guide", None)),
        ("docs/index.md", "guide", page("guide", None)),
        ("docs/guide/start.md", "../run.md?plain=1", page("run", None)),
        ("docs/guide/start.md", "../", page("", None)),
        ("docs/guide/start.md", "..", page("", None)),
        ("docs/guide/start.md", "index.md", page("guide", None)),
        ("docs/guide/start.md", ".", page("guide", None)),
        ("docs/guide/start.md", "/run.md", page("run", None)),
        ("docs/guide/start.md", "/docs/run.md", page("run", None)),
        ("docs/guide/start.md", "/", page("", None)),
        ("docs/index.md", "a%20b.md", page("a b", None)),
        ("docs/index.md", "a b.md", page("a b", None)),
        ("docs/index.md", "../src/main.rs#L3", file("src/main.rs")),
        ("docs/index.md", "../src/", file("src")),
        ("docs/index.md", "/LICENSE", file("LICENSE")),
        ("docs/index.md", "img/a.png", file("docs/img/a.png")),
        ("docs/index.md", "#first", Link::Here("first".to_owned())),
        ("docs/index.md", "#f%C3%BCr", Link::Here("für".to_owned())),
        ("docs/index.md", "https://example.org/a?b#c", web("https://example.org/a?b#c")),
        ("docs/index.md", "mailto:a@example.org", web("mailto:a@example.org")),
        // Encoded twice: it is a name with a percent sign, and no step.
        ("docs/index.md", "%252e%252e/x", file("docs/%2e%2e/x")),
    ] {
        assert_eq!(library().link(from, target), means, "{from}: {target}");
    }
}

#[test]
fn what_leads_out_or_into_a_script_leads_nowhere() {
    for target in [
        "",
        "../../etc/passwd",
        "..%2f..%2fetc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "/../etc/passwd",
        "//evil.example/a",
        "\\\\evil.example\\a",
        "a\\..\\b",
        "a%5c..%5cb",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,AAAA",
        "file:///etc/passwd",
        "docs:home",
        "blob:https://a",
        "https:evil.example",
        "https://waymark.example@evil.example/",
        "mailto:",
        "x:y/z.md",
        "a%00b",
        "%ff",
    ] {
        assert_eq!(library().link("docs/index.md", target), Link::Nowhere, "{target:?}");
    }
    let long = "a".repeat(2_001);
    assert_eq!(library().link("docs/index.md", &long), Link::Nowhere);
}

#[test]
fn a_name_in_the_navigation_is_a_file_below_the_pages() {
    assert_eq!(library().file("guide/start.md"), Some("docs/guide/start.md"));
    assert_eq!(library().file("./index.md"), Some("docs/index.md"));
    assert_eq!(library().file("../docs/index.md"), Some("docs/index.md"));
    assert_eq!(library().file("none.md"), None);
    assert_eq!(Library::below("", ["README.md"]).file("README.md"), Some("README.md"));
}

proptest! {
    #[test]
    fn no_link_leads_out_of_the_repository(target in "([./a-c%]{1,3}|\\.\\./|%2e|%2f|%5c|docs/|//|#|\\?|:|\\\\){0,10}") {
        match library().link("docs/guide/start.md", &target) {
            Link::File(path) => {
                prop_assert!(!path.starts_with('/') && !path.is_empty() && !path.contains(['\\', '\0']), "{path}");
                prop_assert!(path.split('/').all(|part| !matches!(part, "" | "." | "..")), "{path}");
            }
            Link::Page { address, .. } => prop_assert!(library().files().iter().any(|f| library().address(f) == Some(&address))),
            Link::Web(address) => prop_assert!(address.starts_with("http") || address.starts_with("mailto:")),
            Link::Here(_) | Link::Nowhere => {}
        }
    }

    #[test]
    fn every_page_is_reached_from_every_other(from in 0_usize..5, to in 0_usize..5) {
        let library = library();
        let (from, to) = (&library.files()[from], &library.files()[to]);
        let up = "../".repeat(from.matches('/').count());
        let found = library.link(from, &format!("{up}{to}"));
        prop_assert_eq!(found, page(library.address(to).unwrap(), None));
    }
}
