//! What is kept, and who sees it.

use super::*;

fn one_of_us() -> Viewer {
    viewer(&["search"], &[])
}

async fn imported(db: &Db, folder: &Path) -> Imported {
    let collected = collect(&folder.join("catalog-info.yaml"), None).await.unwrap();
    take(db, &collected).await
}

async fn page(db: &Db, name: &str, address: Option<&str>) -> Result<Option<DocsPage>, Error> {
    docs_page(&one_of_us(), db, &format!("component:default/{name}").parse().unwrap(), address).await
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_are_kept_changed_and_taken_away(pool: PgPool) {
    let db = Db::of_pool(pool);
    let (folder, found) = collected(&[
        ("docs/index.md", b"# Ledger\n\n[run](run.md) ![a](a.png)"),
        ("docs/run.md", b"# Run"),
        ("docs/stop.md", b"# Stop"),
        ("docs/a.png", PNG),
    ])
    .await;
    take(&db, &found).await;
    let first = page(&db, "ledger", None).await.unwrap().unwrap();
    assert_eq!((first.title.as_str(), first.address.as_str(), first.file.as_str()), ("Ledger", "", "docs/index.md"));
    assert!(
        first.html.contains("href=\"docs:page/run\"") && first.html.contains("src=\"docs:image/"),
        "{}",
        first.html
    );
    assert_eq!((first.previous, first.next.unwrap().title), (None, "Run".to_owned()));
    let run = page(&db, "ledger", Some("run")).await.unwrap().unwrap();
    assert_eq!((run.previous.unwrap().title, run.next.unwrap().title), ("Ledger".to_owned(), "Stop".to_owned()));
    assert!(matches!(page(&db, "ledger", Some("none")).await, Err(Error::NotFound)));
    assert_eq!(page(&db, "nobody", None).await.unwrap(), None);

    let versions = async || {
        let rows: Vec<(String, String)> =
            sqlx::query_as("select address, xmin::text from catalog_docs_page order by address")
                .fetch_all(&db.pool)
                .await
                .unwrap();
        rows
    };
    let before = versions().await;
    imported(&db, folder.path()).await;
    assert_eq!(versions().await, before, "what is the same is not written again");
    write(folder.path(), &[("docs/run.md", b"# Run it")]);
    fs::remove_file(folder.path().join("docs/stop.md")).unwrap();
    imported(&db, folder.path()).await;
    let after = versions().await;
    assert_eq!(after.iter().map(|row| row.0.as_str()).collect::<Vec<_>>(), ["", "run"]);
    assert!(after[0] == before[0] && after[1] != before[1], "{before:?} {after:?}");

    write(folder.path(), &[("catalog-info.yaml", entity("ledger", "").as_bytes())]);
    imported(&db, folder.path()).await;
    assert_eq!(page(&db, "ledger", None).await.unwrap(), None);
    let left: i64 = sqlx::query_scalar("select (select count(*) from catalog_docs) + (select count(*) from catalog_docs_section) + (select count(*) from catalog_docs_image)")
        .fetch_one(&db.pool).await.unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_description_that_breaks_leaves_documentation_as_it_was(pool: PgPool) {
    let db = Db::of_pool(pool);
    let (folder, found) = collected(&[("docs/index.md", b"# Ledger")]).await;
    take(&db, &found).await;
    write(folder.path(), &[("catalog-info.yaml", b"kind: [")]);
    imported(&db, folder.path()).await;
    assert!(page(&db, "ledger", None).await.unwrap().is_some());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_does_not_see_an_entity_sees_nothing_of_its_documentation(pool: PgPool) {
    let db = Db::of_pool(pool);
    let hidden = entity("ledger", &format!("{HERE}    waymark.dev/visible-to: payments\n"));
    let (folder, _) = collected(&[("docs/index.md", b"# Vault\n\nquetzal ![a](a.png)"), ("docs/a.png", PNG)]).await;
    write(folder.path(), &[("catalog-info.yaml", hidden.as_bytes())]);
    imported(&db, folder.path()).await;
    let hash: String = sqlx::query_scalar("select hash from catalog_docs_image").fetch_one(&db.pool).await.unwrap();
    let of = "component:default/ledger".parse().unwrap();
    for (who, is_seen) in [(viewer(&["payments"], &[]), true), (one_of_us(), false), (viewer(&[], &[]), false)] {
        let told = [
            ("whether", has_docs(&who, &db, &of).await.unwrap()),
            ("page", docs_page(&who, &db, &of, None).await.unwrap().is_some()),
            ("image", docs_image(&who, &db, &of, &hash).await.is_ok()),
            ("search in it", !search_docs(&who, &db, &of, "quetzal", 10).await.unwrap().is_empty()),
            ("search", !search_pages(&who, &db, "quetzal", 10).await.unwrap().is_empty()),
        ];
        let wrong: Vec<&str> = told.into_iter().filter(|(_, shows)| *shows != is_seen).map(|(what, _)| what).collect();
        assert!(wrong.is_empty(), "{is_seen} {wrong:?}");
    }
    // Another one that shows the same folder is seen with it.
    let both = [hidden, entity("shown", HERE)].concat();
    write(folder.path(), &[("catalog-info.yaml", both.as_bytes())]);
    imported(&db, folder.path()).await;
    let found = search_pages(&one_of_us(), &db, "quetzal", 10).await.unwrap();
    assert_eq!(found.iter().map(|hit| hit.entity.name()).collect::<Vec<_>>(), ["shown"]);
    assert!(!has_docs(&one_of_us(), &db, &of).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn words_are_found_by_section_and_by_page(pool: PgPool) {
    let db = Db::of_pool(pool);
    let (_folder, found) = collected(&[
        ("docs/index.md", b"# Ledger\n\nBooks money.\n\n## Settling\n\nEvery night it <b>settles</b> & `quetzal` is written.\n\n## Other\n\nquetzal"),
        ("docs/run.md", b"# Run\n\n## Quetzal\n\nA heading weighs more."),
    ])
    .await;
    take(&db, &found).await;
    let of = "component:default/ledger".parse().unwrap();
    let found = search_docs(&one_of_us(), &db, &of, "quetz", 10).await.unwrap();
    let places: Vec<(&str, Option<&str>)> =
        found.iter().map(|hit| (hit.address.as_str(), hit.heading.as_ref().map(|(text, _)| text.as_str()))).collect();
    assert_eq!(places, [("run", Some("Quetzal")), ("", Some("Settling")), ("", Some("Other"))]);
    assert!(found[1].snippet.contains(&(true, "quetzal".to_owned())), "{:?}", found[1].snippet);
    assert_eq!(found[1].heading.as_ref().unwrap().1, "docs-settling");
    let pages = search_pages(&one_of_us(), &db, "quetzal", 10).await.unwrap();
    assert_eq!(pages.iter().map(|hit| hit.title.as_str()).collect::<Vec<_>>(), ["Run", "Ledger"]);
    assert_eq!(search_docs(&one_of_us(), &db, &of, "settled nights", 10).await.unwrap().len(), 1, "by their stems");
    let titled = search_docs(&one_of_us(), &db, &of, "run", 10).await.unwrap();
    assert_eq!((titled[0].address.as_str(), titled[0].heading.as_ref()), ("run", None), "by the title of a page");
    for nothing in ["", "%", "zzz", "\0", &"a".repeat(101)] {
        assert!(search_docs(&one_of_us(), &db, &of, nothing, 10).await.unwrap().is_empty(), "{nothing:?}");
    }
    // Names come first; pages are beside them.
    let all = catalog::search(&one_of_us(), &db, "quetzal", 10).await.unwrap();
    assert!(all.items.is_empty());
}
