//! What becomes of Markdown.

use std::collections::BTreeMap;

use domain::catalog::docs::Library;

use super::super::draw::{Around, Drawn, TooIntricate, draw, images};

pub(super) fn drawn(text: &str) -> Result<Drawn, TooIntricate> {
    let library = Library::below("docs", ["docs/index.md", "docs/guide/start.md"]);
    let images = BTreeMap::from([("docs/img/a.png".to_owned(), "0f".repeat(32))]);
    draw(
        text,
        "docs/index.md",
        &Around { library: &library, images: &images, host: Some("https://git.example/a/b/src/branch/main/") },
    )
}

fn html(text: &str) -> String {
    drawn(text).unwrap().html.trim().replace(" rel=\"nofollow noreferrer\"", "")
}

#[test]
fn the_usual_parts() {
    let scroll = |label: &str, inner: &str| {
        format!("<div class=\"docs-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\">{inner}</div>")
    };
    for (text, expected) in [
        ("a *b* **c** ~~d~~ `e<`", "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;</code></p>".to_owned()),
        ("## First steps", "<h2 id=\"docs-first-steps\">First steps</h2>".to_owned()),
        ("a\n\n# Late\n", "<p>a</p>\n<h2 id=\"docs-late\">Late</h2>".to_owned()),
        (
            "```rust ignore\nlet a = \"<b>\";\n```",
            scroll("Code in rust", "<pre><code class=\"language-rust\">let a = \"&lt;b&gt;\";\n</code></pre>"),
        ),
        ("    plain", scroll("Code", "<pre><code>plain\n</code></pre>")),
        (
            "```mermaid\ngraph TD; A-->B\n```",
            scroll("Code in mermaid", "<pre><code class=\"language-mermaid\">graph TD; A--&gt;B\n</code></pre>"),
        ),
        (
            "- [x] a\n- [ ] b",
            "<ul>\n<li class=\"task\"><span role=\"img\" aria-label=\"Done\">☑</span> a</li>\n<li class=\"task\"><span role=\"img\" aria-label=\"To do\">☐</span> b</li>\n</ul>".to_owned(),
        ),
        (
            "> [!WARNING]\n> a",
            "<div class=\"markdown-alert markdown-alert-warning\">\n<p class=\"markdown-alert-title\">Warning</p>\n<p>a</p>\n</div>".to_owned(),
        ),
        ("---\ntitle: a\n---\nb", "<p>b</p>".to_owned()),
        ("a <b>b</b> <kbd>c</kbd><br>d", "<p>a b c<br>d</p>".to_owned()),
    ] {
        assert_eq!(html(text), expected, "{text}");
    }
    let table = html("|a|b|\n|---|--:|\n|c|d|");
    assert!(
        table.contains("aria-label=\"Table\"><table>") || table.contains("aria-label=\"Table\">\n<table>"),
        "{table}"
    );
    assert!(table.contains("<td align=\"right\">d</td>"), "{table}");
    let note = html("a[^1]\n\n[^1]: b");
    assert!(note.contains("<a href=\"#fn-1\" id=\"fnref-1\">1</a>") && note.contains("<li id=\"fn-1\">"), "{note}");
}

#[test]
fn links_and_images() {
    for (text, expected) in [
        ("[a](<guide/start.md#run>)", "<a href=\"docs:page/guide/start#docs-run\">a</a>"),
        ("[a](./)", "<a href=\"docs:home\">a</a>"),
        ("[a](#first)", "<a href=\"#docs-first\">a</a>"),
        ("[a](../src/main.rs)", "<a href=\"https://git.example/a/b/src/branch/main/src/main.rs\">a</a>"),
        ("[a](https://example.org/?a=b&c)", "<a href=\"https://example.org/?a=b&amp;c\">a</a>"),
        ("https://example.org", "<a href=\"https://example.org\">https://example.org</a>"),
        ("[a](../../etc/passwd)", "a"),
        (
            "![a \"b\"](img/a.png)",
            &format!("<img src=\"docs:image/{}\" alt=\"a &quot;b&quot;\" loading=\"lazy\">", "0f".repeat(32)),
        ),
        ("![a](https://example.org/a.png)", "<a class=\"image-link\" href=\"https://example.org/a.png\">a</a>"),
        ("![](https://example.org/a.png)", "<a class=\"image-link\" href=\"https://example.org/a.png\">Image</a>"),
        ("[![a](https://example.org/a.png)](https://example.org)", "<a href=\"https://example.org\">a</a>"),
        (
            "![a](img/none.png)",
            "<a class=\"image-link\" href=\"https://git.example/a/b/src/branch/main/docs/img/none.png\">a</a>",
        ),
        ("![a](data:image/png;base64,AAAA)", "a"),
    ] {
        let expected = format!("<p>{expected}</p>");
        assert_eq!(html(text), expected, "{text}");
    }
    let library = Library::below("docs", ["docs/index.md"]);
    let found =
        images("![a](img/a.png) ![b](https://a.example/b.png) ![c](c.svg) ![d](../D.PNG)", "docs/index.md", &library);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["D.PNG", "docs/img/a.png"]);
}

#[test]
fn a_page_has_a_title_headings_and_sections() {
    let page = drawn("---\ntitle: Front\n---\n# The `ledger`\n\nIntro *words*\n\n## Run\n\nDo\n\n- this\n- that\n\n```\ncode\n```\n\n### Run\n|a|\n|-|\n|cell|\n").unwrap();
    assert_eq!(page.title.as_deref(), Some("The ledger"));
    let headings: Vec<(u8, &str)> =
        page.headings.iter().map(|heading| (heading.level, heading.anchor.as_str())).collect();
    assert_eq!(headings, [(2, "docs-run"), (3, "docs-run-1")]);
    let sections: Vec<(Option<&str>, &str)> =
        page.sections.iter().map(|section| (section.anchor.as_deref(), section.text.as_str())).collect();
    assert_eq!(
        sections,
        [(None, "Intro words"), (Some("docs-run"), "Do this that code"), (Some("docs-run-1"), "a cell")]
    );
    assert!(!page.html.contains("ledger") && page.html.contains("id=\"docs-run-1\""), "{}", page.html);
    assert_eq!(drawn("---\ntitle: Front\n---\ntext").unwrap().title.as_deref(), Some("Front"));
    assert_eq!(drawn("text\n\n# Late").unwrap().title, None);
}

#[test]
fn what_no_person_wrote_to_be_read_ends_soon() {
    let started = std::time::Instant::now();
    for text in [
        ">".repeat(100_000),
        "- ".repeat(50_000),
        format!("{}a", "> - ".repeat(100)),
        "*a ".repeat(100_000),
        "[".repeat(100_000),
        "![".repeat(100_000),
        "`a".repeat(100_000),
        "<a".repeat(100_000),
        "# a\n".repeat(30_000),
        "[^a]\n".repeat(30_000),
        format!("{}\n{}\n", "|a".repeat(10_000), "|-".repeat(10_000)),
    ] {
        if let Ok(page) = drawn(&text) {
            assert!(page.sections.len() <= 201, "{}", page.sections.len());
        }
    }
    assert_eq!(drawn(&"> ".repeat(500)).unwrap_err(), TooIntricate);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
