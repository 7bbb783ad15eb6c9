//! What is read, within limits.

use super::*;

fn pages(collected: &Collected) -> Vec<(&str, &str)> {
    let docs = collected.docs.as_ref().unwrap();
    docs.all.iter().flat_map(|docs| &docs.pages).map(|page| (page.address.as_str(), page.title.as_str())).collect()
}

fn lines(collected: &Collected) -> Vec<(usize, &str, Option<&str>)> {
    let docs = &collected.docs.as_ref().unwrap().all[0];
    docs.nav.iter().map(|row| (row.depth, row.title.as_str(), row.address.as_deref().or(row.url.as_deref()))).collect()
}

#[tokio::test]
async fn pages_below_docs_in_their_order() {
    let (_folder, found) = collected(&[
        ("docs/index.md", b"# Ledger"),
        ("docs/2-run.md", b"text"),
        ("docs/10-end.md", b"# The end"),
        ("docs/how-to/deploy.md", b"# Deploy"),
        ("docs/img/a.png", PNG),
        ("README.md", b"# Readme"),
    ])
    .await;
    assert_eq!(told(&found), Vec::<&str>::new());
    let expected = [
        (0, "Ledger", Some("")),
        (0, "2 run", Some("2-run")),
        (0, "The end", Some("10-end")),
        (0, "How to", None),
        (1, "Deploy", Some("how-to/deploy")),
    ];
    assert_eq!(lines(&found), expected);
}

#[tokio::test]
async fn pages_as_mkdocs_orders_them() {
    let site = b"site_name: The ledger\ndocs_dir: texts\nnav:\n  - Home: index.md\n  - Guides:\n    - run.md\n  - Elsewhere: https://example.org\n  - gone.md\n";
    let (_folder, found) = collected(&[
        ("mkdocs.yml", site),
        ("texts/index.md", b"words"),
        ("texts/run.md", b"# Run it"),
        ("texts/hidden.md", b"# Only linked"),
        ("docs/not.md", b"# Not this"),
    ])
    .await;
    let expected = [
        (0, "Home", Some("")),
        (0, "Guides", None),
        (1, "Run it", Some("run")),
        (0, "Elsewhere", Some("https://example.org")),
    ];
    assert_eq!(lines(&found), expected);
    assert_eq!(pages(&found).len(), 3, "a page that is only linked to is there");
    assert_eq!(pages(&found)[1], ("", "The ledger"));
    assert!(told(&found)[0].contains("gone.md") && told(&found).len() == 1, "{:?}", told(&found));
}

#[tokio::test]
async fn a_readme_where_there_is_nothing_else_and_a_word_where_there_is_nothing() {
    let (_folder, found) = collected(&[("README.md", b"# Ledger"), ("src/other.md", b"no")]).await;
    assert_eq!(pages(&found), [("", "Ledger")]);
    let (_folder, found) = collected(&[("other.md", b"no")]).await;
    assert!(pages(&found).is_empty() && told(&found)[0].contains("Add docs/index.md"), "{:?}", told(&found));
}

#[tokio::test]
async fn too_many_and_too_large_are_said_and_harm_nothing_else() {
    let names: Vec<String> = (1..=501).map(|n| format!("docs/p{n}.md")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"# a".as_slice())).collect();
    let (_folder, found) = collected(&files).await;
    assert_eq!(pages(&found).len(), 500);
    assert!(told(&found)[0].contains("501 pages") && told(&found).len() == 1, "{:?}", told(&found));

    let large = "word ".repeat(120_000);
    let picture = [PNG, &vec![0; 1 << 20]].concat();
    let (_folder, found) = collected(&[
        ("docs/index.md", b"![a](large.png) ![b](fake.png) ![c](ok.png) ![d](none.png)"),
        ("docs/large.md", large.as_bytes()),
        ("docs/bytes.md", b"a\xff"),
        ("docs/large.png", &picture),
        ("docs/fake.png", b"<svg onload=alert(1)>"),
        ("docs/ok.png", PNG),
    ])
    .await;
    assert_eq!(pages(&found).len(), 1);
    let words = [
        "docs/bytes.md is not UTF-8",
        "docs/large.md has more than 512 KiB",
        "docs/fake.png is not shown",
        "docs/large.png has more",
    ];
    assert_eq!(told(&found).len(), words.len(), "{:?}", told(&found));
    for (told, word) in told(&found).into_iter().zip(words) {
        assert!(told.starts_with(word), "{told}");
    }
    assert!(found.findings.iter().all(|(_, finding)| !finding.is_error()), "the entity stays");
    let images = &found.docs.as_ref().unwrap().all[0].images;
    assert_eq!((images.len(), images[0].kind, images[0].bytes.as_slice()), (1, "image/png", PNG));
}

#[tokio::test]
async fn nothing_outside_of_the_repository_is_read() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("secret.md", b"# secret"), ("secret.png", PNG), ("elsewhere/docs/index.md", b"# secret")]);
    let home = folder.path().join("repo");
    write(
        &home,
        &[(".git/HEAD", b""), ("docs/index.md", b"[a](../../secret.md) ![a](../../secret.png) ![b](link.png)")],
    );
    std::os::unix::fs::symlink(folder.path().join("secret.md"), home.join("docs/link.md")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("secret.png"), home.join("docs/link.png")).unwrap();
    for (place, word) in [
        ("dir:../elsewhere", "outside"),
        ("dir:..", "outside"),
        ("dir:/etc", "outside"),
        ("url:https://evil.example/a/b", "outside"),
        ("url:file:///etc", "not supported"),
        ("github:a/b", "not supported"),
    ] {
        let annotation = format!("    backstage.io/techdocs-ref: {place}\n");
        write(&home, &[("catalog-info.yaml", entity("ledger", &annotation).as_bytes())]);
        let found = collect(&home.join("catalog-info.yaml"), None).await.unwrap();
        assert!(pages(&found).is_empty() && told(&found)[0].contains(word), "{place}: {:?}", told(&found));
    }
    write(
        &home,
        &[("catalog-info.yaml", entity("ledger", HERE).as_bytes()), ("mkdocs.yml", b"docs_dir: ../elsewhere/docs\n")],
    );
    let found = collect(&home.join("catalog-info.yaml"), None).await.unwrap();
    assert!(told(&found).iter().any(|why| why.contains("`docs_dir`")), "{:?}", told(&found));
    let docs = &found.docs.as_ref().unwrap().all[0];
    assert_eq!((docs.pages.len(), docs.images.len()), (1, 0));
    assert!(!format!("{docs:?}").contains("secret"), "{docs:?}");
}

#[tokio::test]
async fn entities_of_one_folder_share_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let other = "    backstage.io/techdocs-entity: component:ledger\n";
    let all = [entity("ledger", HERE), entity("worker", HERE), entity("guest", other), entity("none", "")].concat();
    write(folder.path(), &[("catalog-info.yaml", all.as_bytes()), ("docs/index.md", b"# a")]);
    let found = collect(&folder.path().join("catalog-info.yaml"), None).await.unwrap();
    let docs = found.docs.as_ref().unwrap();
    let of: Vec<Option<usize>> = docs.of.values().copied().collect();
    assert_eq!((docs.all.len(), of), (1, vec![None, Some(0), None, Some(0)]));
}
