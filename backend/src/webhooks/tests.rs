use std::sync::Arc;

use sqlx::PgPool;
use tokio::sync::Barrier;

use super::*;
use crate::{Error, testing::webhooks as seen};

const KNOWN: &str = r#"{"repository": {"full_name": "Payments/checkout"}, "after": "1"}"#;

fn push<'a>(delivery: &'a str, body: &'a str) -> Message<'a> {
    Message { source: Source::Gitea, delivery, event: "push", body: body.as_bytes() }
}

/// A database in which `payments/checkout` is delivered, and a second way to it, as another process has.
async fn databases(pool: PgPool) -> [Db; 2] {
    let db = Db::of_pool(pool.clone());
    seen::source(&db, "payments/checkout").await.unwrap();
    seen::source(&db, "payments/ledger").await.unwrap();
    let other = PgPool::connect_with((*pool.connect_options()).clone()).await.unwrap();
    [db, Db::of_pool(other)]
}

async fn wakes(db: &Db) -> [i64; 2] {
    [seen::wakes(db, "payments/checkout").await.unwrap(), seen::wakes(db, "payments/ledger").await.unwrap()]
}

async fn accepted(db: &Db) -> Vec<(String, Option<String>)> {
    seen::accepted(db).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_push_wakes_its_repository_once_however_often_it_is_told(pool: PgPool) {
    let [db, other] = databases(pool).await;
    assert_eq!(receive(&db, &push("1", KNOWN)).await.unwrap(), Receipt::Accepted);
    for again in [&db, &other] {
        assert_eq!(receive(again, &push("1", KNOWN)).await.unwrap(), Receipt::Repeated);
    }
    // The id is no part of what is signed.
    assert_eq!(receive(&db, &push("2", KNOWN)).await.unwrap(), Receipt::Repeated);
    let altered = KNOWN.replace(r#""1""#, r#""2""#);
    assert_eq!(receive(&db, &push("1", &altered)).await.unwrap(), Receipt::Repeated);
    assert_eq!(wakes(&db).await, [1, 0], "whatever is written large there is small here");
    assert_eq!(receive(&db, &push("2", &altered)).await.unwrap(), Receipt::Accepted);
    assert_eq!(wakes(&db).await, [2, 0]);
    assert_eq!(accepted(&db).await, vec![("push".to_owned(), Some("Payments/checkout".to_owned())); 2]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn processes_that_are_told_at_once_wake_once(pool: PgPool) {
    let databases = databases(pool).await;
    let gate = Arc::new(Barrier::new(8));
    let told = (0..8).map(|nth| {
        let (db, gate) = (databases[nth % 2].clone(), gate.clone());
        tokio::spawn(async move {
            gate.wait().await;
            receive(&db, &push("1", KNOWN)).await.unwrap()
        })
    });
    let receipts: Vec<_> = futures::future::join_all(told).await.into_iter().map(std::result::Result::unwrap).collect();
    assert_eq!(receipts.iter().filter(|receipt| **receipt == Receipt::Accepted).count(), 1, "{receipts:?}");
    assert_eq!(wakes(&databases[0]).await, [1, 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn other_events_and_unknown_repositories_are_noted_and_wake_nobody(pool: PgPool) {
    let [db, _] = databases(pool).await;
    let unknown = r#"{"repository": {"full_name": "payments/nothing"}}"#;
    assert_eq!(receive(&db, &push("1", unknown)).await.unwrap(), Receipt::Accepted);
    let created = Message { event: "create", ..push("2", KNOWN) };
    assert_eq!(receive(&db, &created).await.unwrap(), Receipt::Accepted);
    assert_eq!(receive(&db, &push("3", "{}")).await.unwrap(), Receipt::Accepted);
    assert!(matches!(receive(&db, &push("4", "no JSON")).await, Err(Error::Invalid(_))));
    assert_eq!(wakes(&db).await, [0, 0]);
    let row = |event: &str, repository: Option<&str>| (event.to_owned(), repository.map(str::to_owned));
    let expected = [row("push", Some("payments/nothing")), row("create", Some("Payments/checkout")), row("push", None)];
    assert_eq!(accepted(&db).await, expected);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_told_is_known_for_seven_days(pool: PgPool) {
    let [db, _] = databases(pool).await;
    receive(&db, &push("1", KNOWN)).await.unwrap();
    let pass = async |interval: &'static str| {
        let sql = "update webhook_delivery set received_at = received_at - $1::text::interval";
        sqlx::query(sql).bind(interval).execute(&db.pool).await.unwrap();
    };
    pass("6 days 23 hours").await;
    assert_eq!(purge(&db).await.unwrap(), 0);
    assert_eq!(receive(&db, &push("1", KNOWN)).await.unwrap(), Receipt::Repeated);
    pass("2 hours").await;
    assert_eq!(purge(&db).await.unwrap(), 1);
}
