//! Taking files over, again and again, whole and broken.

use domain::catalog::descriptor::{read, write};

use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn importing_again_changes_only_what_has_changed(pool: PgPool) {
    let db = Db::of_pool(pool);
    let text = format!("{TEAM}{}", component("ledger", ""));
    assert_eq!(counts(&take(&db, "file:a", &text).await), (2, 0, 0, 0));
    let before = find(&one_of_us(), &db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    assert_eq!(counts(&take(&db, "file:a", &text).await), (0, 0, 2, 0));
    // A comment moves the lines and changes nothing.
    assert_eq!(counts(&take(&db, "file:a", &format!("# ours\n{text}")).await), (0, 0, 2, 0));
    let moved = find(&one_of_us(), &db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    assert_eq!((moved.etag.as_str(), moved.updated_at, moved.id), (before.etag.as_str(), before.updated_at, before.id));
    assert_eq!((before.origin.line, moved.origin.line), (Some(5), Some(6)));
    let other = text.replace("production", "deprecated").replace("owner: payments", "owner: search");
    assert_eq!(counts(&take(&db, "file:a", &other).await), (0, 1, 1, 0));
    let changed = find(&one_of_us(), &db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    assert_ne!(changed.etag, before.etag);
    assert_eq!(changed.id, before.id);
    assert_eq!(related(&db, "component:default/ledger").await, ["ownedBy group:default/search false"]);
    assert!(related(&db, "group:default/payments").await.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn every_field_comes_back(pool: PgPool) {
    let db = Db::of_pool(pool);
    let text = format!(
        "{}metadata2\n",
        component(
            "ledger",
            "  providesApis: [b, a]\n  more: {deep: [null, 1.5, 'yes', {a: b}], long: 12345678901234567}\n"
        )
    )
    .replace("---\nmetadata2\n", "");
    take(&db, "file:a", &text).await;
    let stored = find(&one_of_us(), &db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    assert_eq!(stored.document, read(&text).descriptors[0].document);
    assert_eq!(stored.origin.text.as_deref(), Some(text.as_str()));
    let exported = write([&stored.document]);
    assert_eq!(counts(&take(&db, "file:a", &exported).await), (0, 1, 0, 0), "lists of references are sorted");
    let again = find(&one_of_us(), &db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    assert_eq!(write([&again.document]), exported);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_broken_document_is_told_and_the_rest_is_taken_over(pool: PgPool) {
    let db = Db::of_pool(pool);
    let text = format!("{TEAM}{}kind: [\n---\n{}", component("ledger", ""), component("Bad Name", ""));
    let imported = take(&db, "file:a", &text).await;
    assert_eq!((imported.added, imported.errors.len(), imported.warnings.len()), (2, 2, 0), "{imported:?}");
    assert!(imported.errors.iter().all(|error| error.file == "catalog-info.yaml" && error.line > 1));
    let kept = findings(&db).await;
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[1].0.as_str(), kept[1].1.as_deref()), ("name", Some("group:default/payments")));
    // What stays wrong keeps its time, what is mended goes.
    take(&db, "file:a", &text.replace("kind: [\n---\n", "")).await;
    let after = findings(&db).await;
    assert_eq!((after.len(), after[0].2), (1, kept[1].2));
    take(&db, "file:a", &format!("{TEAM}{}", component("ledger", ""))).await;
    assert!(findings(&db).await.is_empty());
}

/// Rule, owner and since when, in the order of the lines.
async fn findings(db: &Db) -> Vec<(String, Option<String>, time::OffsetDateTime)> {
    let query = sqlx::query_as("select rule, owner, since from catalog_finding order by line");
    query.fetch_all(&db.pool).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_was_first_keeps_the_name(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:a", &format!("{TEAM}{}", component("ledger", ""))).await;
    let text = format!("{}{}", component("Ledger", "  more: 1\n"), component("refunds", ""));
    let second = take(&db, "file:b", &text).await;
    assert_eq!((second.added, second.errors.len()), (1, 1));
    assert_eq!(second.errors[0].rule, "entity-taken");
    assert!(!second.errors[0].message.contains("file:a"), "who has it is for those who may see it");
    let ledger = find(&one_of_us(), &db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    assert_eq!((ledger.origin.name.as_str(), ledger.document.pointer("/spec/more")), ("file:a", None));
    let twice = take(&db, "file:c", &format!("{}{}", component("twice", "  first: 1\n"), component("twice", ""))).await;
    assert_eq!((twice.added, twice.errors[0].rule.as_str()), (1, "described-twice"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_not_described_any_more_is_marked_and_stays(pool: PgPool) {
    let db = Db::of_pool(pool);
    let both = format!("{TEAM}{}{}", component("ledger", ""), component("refunds", ""));
    take(&db, "file:a", &both).await;
    let reference = "component:default/refunds".parse().unwrap();
    // As long as a part of the file cannot be read, it may describe anything.
    let broken = format!("{TEAM}{}kind: [\n", component("ledger", ""));
    assert_eq!(counts(&take(&db, "file:a", &broken).await), (0, 0, 2, 0));
    let one = format!("{TEAM}{}", component("ledger", ""));
    assert_eq!(counts(&take(&db, "file:a", &one).await), (0, 0, 2, 1));
    assert!(find(&one_of_us(), &db, &reference).await.unwrap().origin.orphaned_at.is_some());
    assert_eq!(counts(&take(&db, "file:a", &one).await), (0, 0, 2, 0));
    take(&db, "file:a", &both).await;
    assert!(find(&one_of_us(), &db, &reference).await.unwrap().origin.orphaned_at.is_none());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_owner_that_is_no_one_is_told_and_stays(pool: PgPool) {
    let db = Db::of_pool(pool);
    let alone = take(&db, "file:a", &component("ledger", "")).await;
    assert_eq!((alone.added, alone.errors.len(), alone.warnings.len()), (1, 0, 1));
    assert_eq!(alone.warnings[0].rule, "owner");
    let told = troubles(&one_of_us(), &db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    assert_eq!((told.len(), told[0].line, told[0].is_error), (1, 9, false));
    take(&db, "file:team", TEAM).await;
    assert!(findings(&db).await.is_empty(), "whoever comes later is known from then on");
    assert!(take(&db, "file:a", &component("ledger", "")).await.warnings.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn thousands_are_taken_over_together(pool: PgPool) {
    let db = Db::of_pool(pool);
    let text: String =
        (0..2_000).map(|n| component(&format!("c{n}"), &format!("  subcomponentOf: c{}\n", n / 2))).collect();
    let imported = take(&db, "file:a", &text).await;
    assert_eq!(imported.added, 2_000);
    assert_eq!(related(&db, "component:default/c7").await.len(), 4);
    assert_eq!(counts(&take(&db, "file:a", &text).await), (0, 0, 2_000, 0));
}
