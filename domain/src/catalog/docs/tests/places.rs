//! Where documentation is.

use serde_json::json;

use crate::catalog::docs::{Asked, ELSEWHERE, Library, PLACE, as_alerts, asked, folder_inside};

#[test]
fn what_an_entity_says() {
    let of = |annotation: &str, text: &str| asked(&json!({ "metadata": { "annotations": { annotation: text } } }));
    let folder = |text: &str| Some(Ok(Asked::Folder(text.to_owned())));
    assert_eq!(asked(&json!({ "metadata": {} })), None);
    assert_eq!(of(PLACE, "dir:."), folder("."));
    assert_eq!(of(PLACE, " dir: ./sub/folder "), folder("./sub/folder"));
    let address = "https://git.example.org/a/b/src/branch/main/docs";
    assert_eq!(of(PLACE, &format!("url:{address}")), Some(Ok(Asked::Address(address.to_owned()))));
    let other = "component:default/b".parse().unwrap();
    assert_eq!(of(ELSEWHERE, "component:default/b"), Some(Ok(Asked::Elsewhere(other))));
    for (annotation, text) in [
        (PLACE, ""),
        (PLACE, "dir:"),
        (PLACE, "."),
        (PLACE, "github:a/b"),
        (PLACE, "url:file:///etc"),
        (ELSEWHERE, "a b"),
    ] {
        let why = of(annotation, text).unwrap().unwrap_err();
        assert!(why.contains("Write") && why.contains(text), "{why}");
    }
}

#[test]
fn folders_lie_in_the_repository() {
    for (file, target, folder) in [
        ("catalog-info.yaml", ".", Some("")),
        ("catalog-info.yaml", "./", Some("")),
        ("catalog-info.yaml", "docs", Some("docs")),
        ("a/b/catalog-info.yaml", "..", Some("a")),
        ("a/b/catalog-info.yaml", "../..", Some("")),
        ("a/b/catalog-info.yaml", "../../..", None),
        ("catalog-info.yaml", "..", None),
        ("catalog-info.yaml", "/etc", None),
        ("catalog-info.yaml", "a\\..\\..", None),
        ("catalog-info.yaml", "https://a.example", None),
    ] {
        assert_eq!(folder_inside(file, target).as_deref(), folder, "{file} {target}");
    }
}

#[test]
fn pages_come_in_the_order_in_which_people_put_them() {
    let files = [
        "docs/10-release.md",
        "docs/guide/README.md",
        "docs/2-deploy.md",
        "docs/index.md",
        "docs/guide/start.md",
        "docs/logo.png",
        "docs/.hidden.md",
        "docs/guide.md",
        "other/a.md",
        "docs/Guide/x.markdown",
        "docsx/a.md",
    ];
    let library = Library::below("docs", files);
    let found: Vec<(&str, &str)> =
        library.files().iter().map(|file| (file.as_str(), library.address(file).unwrap())).collect();
    let expected = [
        ("docs/index.md", ""),
        ("docs/2-deploy.md", "2-deploy"),
        ("docs/10-release.md", "10-release"),
        ("docs/guide.md", "guide"),
        ("docs/Guide/x.markdown", "Guide/x"),
        ("docs/guide/README.md", "guide/README.md"),
        ("docs/guide/start.md", "guide/start"),
    ];
    assert_eq!(found, expected, "two pages of one address keep apart");
    let mut few = library.clone();
    assert_eq!((few.cut(2), few.files().len(), few.address("docs/guide.md")), (7, 2, None));
}

#[test]
fn boxes_become_alerts() {
    let text = "A\n\n!!! warning \"Mind the gap\"\n    One.\n\n    - two\n\nB\n```\n!!! note\n```\n??? tip\n\tC\n!!! unheard\n";
    let alerts =
        "A\n\n> [!WARNING] Mind the gap\n> One.\n>\n> - two\n>\n\nB\n```\n!!! note\n```\n> [!TIP]\n> C\n\n!!! unheard";
    assert_eq!(as_alerts(text), alerts);
    assert_eq!(as_alerts("a\r\nb"), "a\r\nb");
}
