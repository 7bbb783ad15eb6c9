//! What is found, and in which order.

use super::*;

/// Name, rest of the metadata, spec.
const ENTRIES: [(&str, &str, &str, &str); 6] = [
    (
        "Component",
        "ledger",
        ", description: Books every movement of money",
        "type: service, lifecycle: production, owner: payments",
    ),
    (
        "Component",
        "payment-gateway",
        ", title: Bank link, tags: [pci]",
        "type: service, lifecycle: production, owner: payments",
    ),
    ("Component", "ledger-archive", "", "type: service, lifecycle: production, owner: search"),
    (
        "Component",
        "reports",
        ", description: Reads the ledger at night",
        "type: job, lifecycle: production, owner: search, system: finance.core",
    ),
    (
        "Component",
        "mailer",
        ", annotations: {example.com/room: 'lighthouse'}",
        "type: service, lifecycle: production, owner: search",
    ),
    ("API", "orders", "", "type: openapi, lifecycle: production, owner: payments, definition: 'paths: cancellations'"),
];

async fn filled(pool: PgPool) -> Db {
    let db = Db::of_pool(pool);
    let texts = ENTRIES.map(|(kind, name, metadata, spec)| entry(kind, name, metadata, spec));
    let imported = take(&db, "file:a", &texts.concat()).await;
    assert_eq!(imported.added, texts.len(), "{imported:?}");
    db
}

async fn found(db: &Db, text: &str) -> (String, bool) {
    let found = search(&one_of_us(), db, text, 10).await.unwrap();
    let names: Vec<&str> = found.items.iter().map(|entity| entity.reference.name()).collect();
    (names.join(" "), found.is_close)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_best_comes_first_and_every_field_is_looked_at(pool: PgPool) {
    let db = filled(pool).await;
    for (text, names) in [
        ("ledger", "ledger ledger-archive reports"),
        ("LEDGER", "ledger ledger-archive reports"),
        ("ledger-archive", "ledger-archive"),
        ("archive ledger", "ledger-archive"),
        ("gate", "payment-gateway"),
        ("bank", "payment-gateway"),
        ("pci", "payment-gateway"),
        ("finance", "reports"),
        ("book movements", "ledger"),
        ("lighthouse", "mailer"),
        ("cancellation", "orders"),
        ("' or true --", ""),
        ("%", ""),
        ("a\0b", ""),
    ] {
        assert_eq!(found(&db, text).await, (names.to_owned(), names.is_empty() && text.contains("true")), "{text:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_slip_of_the_finger_is_forgiven_and_said(pool: PgPool) {
    let db = filled(pool).await;
    for (text, best) in [
        ("ledgr", "ledger"),
        ("legder", "ledger"),
        ("paymnt-gateway", "payment-gateway"),
        ("bnak link", "payment-gateway"),
    ] {
        let (names, is_close) = found(&db, text).await;
        assert_eq!((names.split(' ').next(), is_close), (Some(best), true), "{text:?}: {names}");
    }
    assert_eq!(found(&db, "xylophone").await, (String::new(), true));
    assert_eq!(found(&db, &"a".repeat(101)).await, (String::new(), false));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_belongs_to_nobody_does_not_learn_what_there_is(pool: PgPool) {
    let db = filled(pool).await;
    let nobody = viewer(&[], &[]);
    let nothing = search(&nobody, &db, "xylophone", 10).await.unwrap();
    assert!(nothing.items.is_empty());
    for text in ["ledger", "ledgr"] {
        assert_eq!(search(&nobody, &db, text, 10).await.unwrap(), nothing, "{text}");
    }
}
