//! Answers are given again only while nothing changed, and only to those who may see the same.

use std::sync::Arc;

use super::*;
use crate::testing::rig::eventually;

async fn total(viewer: &Viewer, db: &Db) -> i64 {
    facets(viewer, db, &CatalogFilter::default()).await.unwrap().total
}

async fn number(db: &Db) -> i64 {
    sqlx::query_scalar("select sum(changes)::bigint from catalog_revision").fetch_one(&db.pool).await.unwrap()
}

async fn registered(tx: &mut sqlx::Transaction<'_, sqlx::Postgres>, name: &str) {
    let reference = format!("component:default/{name}").parse().unwrap();
    register(tx, &reference, &json!({"spec": {"owner": "payments"}}), "run:1").await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_answer_is_given_again_until_something_changes(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:a.yaml", &component("a", "")).await;
    let first = facets(&one_of_us(), &db, &CatalogFilter::default()).await.unwrap();
    let again = facets(&one_of_us(), &db, &CatalogFilter::default()).await.unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    take(&db, "file:b.yaml", &component("b", "")).await;
    assert_eq!((first.total, total(&one_of_us(), &db).await), (1, 2));
    let asked = CatalogFilter { kind: Some("api".into()), ..CatalogFilter::default() };
    assert_eq!(facets(&one_of_us(), &db, &asked).await.unwrap().total, 0, "another question");
    assert_eq!(total(&viewer(&[], &[]), &db).await, 0, "somebody who sees nothing");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whoever_began_first_and_ends_last_is_seen_too(pool: PgPool) {
    let db = Db::of_pool(pool);
    let (mut early, mut late) = (db.pool.begin().await.unwrap(), db.pool.begin().await.unwrap());
    registered(&mut early, "early").await;
    // Nothing is restricted, so that neither waits for the other.
    registered(&mut late, "late").await;
    assert_eq!(total(&one_of_us(), &db).await, 0);
    late.commit().await.unwrap();
    assert_eq!(total(&one_of_us(), &db).await, 1);
    add_up_revisions(&db).await.unwrap();
    assert_eq!(total(&one_of_us(), &db).await, 1);
    early.commit().await.unwrap();
    assert_eq!(total(&one_of_us(), &db).await, 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_number_grows_with_all_that_answers_are_made_of_and_stays_when_it_is_added_up(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:a.yaml", &(component("a", "") + "kind: Broken\n")).await;
    let reference = "component:default/a";
    for change in [
        "update entity set readers = '{nobody}' where reference = $1",
        "update entity_search set terms = '' from entity e where e.entity_id = entity_search.entity_id and e.reference = $1",
        "delete from entity_relation where from_ref = $1",
        "update catalog_source set (trouble, trouble_since) = ('away', now()) where $1 <> ''",
        "update catalog_finding set severity = 'warning' where $1 <> ''",
        "delete from catalog_docs_page where title = $1",
        "delete from entity_docs using entity e where e.entity_id = entity_docs.entity_id and e.reference = $1",
        "delete from entity where reference = $1",
    ] {
        let before = number(&db).await;
        sqlx::query(change).bind(reference).execute(&db.pool).await.unwrap();
        let after = number(&db).await;
        assert!(after > before, "{change}");
        add_up_revisions(&db).await.unwrap();
        add_up_revisions(&db).await.unwrap();
        assert_eq!(number(&db).await, after, "{change}");
    }
    // Transactions of other databases count as under way, too.
    eventually("the rows are added up", || async {
        add_up_revisions(&db).await.unwrap();
        let rows: i64 = sqlx::query_scalar("select count(*) from catalog_revision").fetch_one(&db.pool).await.unwrap();
        if rows <= 2 { Ok(()) } else { Err(format!("{rows} rows")) }
    })
    .await;
    let before = number(&db).await;
    sqlx::query("update catalog_source set due_at = now()").execute(&db.pool).await.unwrap();
    assert_eq!(number(&db).await, before, "when a source is looked at next changes no answer");
}

/// As after a restore on a server that has not counted so far.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_number_that_another_server_left_counts_on(pool: PgPool) {
    let db = Db::of_pool(pool);
    let mut tx = db.pool.begin().await.unwrap();
    let left = "insert into catalog_revision values (pg_current_xact_id(), 7)";
    sqlx::query(left).execute(&mut *tx).await.unwrap();
    registered(&mut tx, "a").await;
    let counted = "select changes from catalog_revision where transaction_id = pg_current_xact_id()";
    let counted: i64 = sqlx::query_scalar(counted).fetch_one(&mut *tx).await.unwrap();
    assert!(counted > 7, "{counted}");
}
