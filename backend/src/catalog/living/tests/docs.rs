//! Documentation is read with its source, from the same commit.

use super::*;
use crate::catalog::{DocsPage, docs_image, docs_page};

fn described(name: &str, owner: &str, place: &str) -> String {
    component(name, owner).replace(
        &format!("{{name: {name}}}"),
        &format!("{{name: {name}, annotations: {{backstage.io/techdocs-ref: '{place}'}}}}"),
    )
}

async fn page(rig: &Rig, what: &str, address: Option<&str>, holds: impl Fn(&DocsPage) -> bool) -> DocsPage {
    let of = "component:default/ledger".parse().unwrap();
    eventually(what, || async {
        match docs_page(&rig.member, &rig.db, &of, address).await {
            Ok(Some(page)) if holds(&page) => Ok(page),
            other => Err(format!("{other:?}")),
        }
    })
    .await
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_come_with_the_first_look_and_change_with_each_push(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let text = described("ledger", &rig.team, "dir:.");
    let index = "# Ledger\n\n[Run](run.md), [code](../src/main.rs), ![plan](plan.png)\n";
    let files = [(FILE, text.as_str()), ("docs/index.md", index), ("docs/run.md", "# Run\n"), ("src/main.rs", "x")];
    let mut repository = rig.repository("ledger", Visibility::Private, &files).await;
    let source = rig.imported(&repository).await;
    let first = page(&rig, "the pages are read", None, |_| true).await;
    assert_eq!((first.title.as_str(), first.commit.as_deref()), ("Ledger", Some(repository.head.as_str())));
    let root = format!("{}/src/branch/main", rig.address(&repository));
    assert!(first.html.contains(&format!("href=\"{root}/src/main.rs\"")), "{}", first.html);
    assert_eq!(first.file_address, Some(format!("{root}/docs/index.md")));
    let image = docs_image(&rig.member, &rig.db, &"component:default/ledger".parse().unwrap(), &"0".repeat(64)).await;
    assert!(matches!(image, Err(Error::NotFound)));

    rig.push(&mut repository, &["docs/run.md"], &[("docs/stop.md", "# Stop\n"), ("docs/index.md", "# New\n")]).await;
    let changed = page(&rig, "the push is read", None, |page| page.title == "New").await;
    assert_eq!(changed.commit.as_deref(), Some(repository.head.as_str()));
    assert_eq!(changed.nav.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["New", "Stop"]);

    rig.push(&mut repository, &[], &[(FILE, &component("ledger", &rig.team))]).await;
    rig.source(source, "the annotation is gone", |found| {
        found.source.commit.as_deref() == Some(repository.head.as_str())
    })
    .await;
    let of = "component:default/ledger".parse().unwrap();
    assert_eq!(docs_page(&rig.member, &rig.db, &of, None).await.unwrap(), None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn many_pages_are_read_and_what_is_too_large_is_said(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let place = format!("url:{}{}/ledger", rig.settings.url, rig.team);
    let text = described("ledger", &rig.team, &place);
    let large = "word ".repeat(120_000);
    // More than are brought at once.
    let pages: Vec<(String, String)> = (1..=120).map(|n| (format!("docs/p{n}.md"), format!("# Page {n}\n"))).collect();
    let mut files: Vec<(&str, &str)> = vec![(FILE, &text), ("docs/index.md", "# Ledger"), ("docs/a-large.md", &large)];
    files.extend(pages.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let repository = rig.repository("ledger", Visibility::Private, &files).await;
    let source = rig.imported(&repository).await;
    let first = page(&rig, "the pages are read", None, |_| true).await;
    assert_eq!((first.nav.len(), first.nav[120].title.as_str()), (121, "Page 120"));
    let found = rig.source(source, "what is wrong is said", |found| found.findings.len() == 1).await;
    let told = &found.findings[0];
    assert!(told.message.contains("a-large.md has more than 512 KiB"), "{told:?}");
    assert_eq!((told.is_error, told.file.as_str()), (false, FILE));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_of_another_repository_is_read(pool: PgPool) {
    let rig = Rig::start(pool).await;
    rig.repository("other", Visibility::Internal, &[("docs/index.md", "# Secret")]).await;
    let other = format!("url:{}{}/other", rig.settings.url, rig.team);
    let text = [described("ledger", &rig.team, &other), described("climber", &rig.team, "dir:../other")].join("---\n");
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &text), ("README.md", "# Mine")]).await;
    let source = rig.imported(&repository).await;
    let found = rig.source(source, "it is said", |found| found.findings.len() == 2).await;
    assert!(
        found.findings.iter().all(|finding| finding.message.contains("outside of this repository")),
        "{:?}",
        found.findings
    );
    let kept: i64 = sqlx::query_scalar("select count(*) from catalog_docs").fetch_one(&rig.db.pool).await.unwrap();
    assert_eq!(kept, 0);
}
