use serde_json::json;
use sqlx::PgPool;

use super::*;
use crate::testing;

const ID: IdHash = [7; 32];
const HOUR: f64 = 3600.0;

fn life() -> SessionLife {
    SessionLife {
        idle_secs: 8.0 * HOUR,
        absolute_secs: 24.0 * HOUR,
        operator_absolute_secs: 12.0 * HOUR,
        operator_group: "operators".into(),
    }
}

async fn load(db: &Db, id: &IdHash) -> Option<Value> {
    load_session(db, id, &life()).await.unwrap().map(|live| live.data)
}

fn row(data: Value) -> SessionRow {
    SessionRow { data, person: None, provider_sid: None }
}

async fn person(db: &Db, subject: &str) -> Uuid {
    person_in(db, subject, &[]).await
}

async fn person_in(db: &Db, subject: &str, groups: &[&str]) -> Uuid {
    testing::person(db, subject, groups).await.unwrap().0
}

async fn age(pool: &PgPool, created: &str, seen: &str) {
    sqlx::query("update session set created_at = now() - $1::interval, seen_at = now() - $2::interval")
        .bind(created)
        .bind(seen)
        .execute(pool)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_saved_is_loaded(pool: PgPool) {
    let db = Db::of_pool(pool);
    assert!(create_session(&db, &ID, &row(json!({"a": 1}))).await.unwrap());
    assert!(save_session(&db, &ID, &row(json!({"a": 2}))).await.unwrap());
    assert_eq!(load(&db, &ID).await, Some(json!({"a": 2})));
    assert_eq!(load(&db, &[8; 32]).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_request_under_way_during_logout_cannot_bring_the_session_back(pool: PgPool) {
    let db = Db::of_pool(pool);
    create_session(&db, &ID, &row(json!({"person": "x"}))).await.unwrap();
    delete_session(&db, &ID).await.unwrap();
    assert!(!save_session(&db, &ID, &row(json!({"person": "x"}))).await.unwrap());
    assert!(!create_session(&db, &ID, &row(json!({"person": "x"}))).await.unwrap());
    assert_eq!(load(&db, &ID).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn both_limits_of_life_hold(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    create_session(&db, &ID, &row(json!({}))).await.unwrap();
    age(&pool, "23 hours", "7 hours").await;
    assert!(load(&db, &ID).await.is_some());
    age(&pool, "23 hours", "9 hours").await;
    assert!(load(&db, &ID).await.is_none(), "idle for too long");
    age(&pool, "25 hours", "1 minute").await;
    assert!(load(&db, &ID).await.is_none(), "too old, however busy");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn operators_sign_in_twice_a_day(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    let operator = person_in(&db, "operator", &["operators"]).await;
    let row = SessionRow { data: json!({}), person: Some(operator), provider_sid: None };
    create_session(&db, &ID, &row).await.unwrap();
    age(&pool, "11 hours", "1 minute").await;
    assert!(load(&db, &ID).await.is_some());
    age(&pool, "13 hours", "1 minute").await;
    assert!(load(&db, &ID).await.is_none());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn being_seen_postpones_the_idle_limit(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    create_session(&db, &ID, &row(json!({}))).await.unwrap();
    age(&pool, "10 hours", "7 hours").await;
    load(&db, &ID).await;
    let idle: f64 = sqlx::query_scalar("select extract(epoch from now() - seen_at)::float8 from session")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(idle < 60.0, "{idle}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_provider_ends_its_own_sessions_and_no_others(pool: PgPool) {
    let db = Db::of_pool(pool);
    let (ann, bob) = (person(&db, "ann").await, person(&db, "bob").await);
    for (id, person, sid) in [(1, ann, "s1"), (2, ann, "s2"), (3, bob, "s3")] {
        let row = SessionRow { data: json!({}), person: Some(person), provider_sid: Some(sid.into()) };
        create_session(&db, &[id; 32], &row).await.unwrap();
    }
    let issuer = "https://id.example";
    assert_eq!(end_provider_session(&db, issuer, None, None).await.unwrap(), 0);
    assert_eq!(end_provider_session(&db, "https://other.example", Some("ann"), None).await.unwrap(), 0);
    assert_eq!(end_provider_session(&db, issuer, Some("ann"), Some("s1")).await.unwrap(), 1);
    assert_eq!(end_provider_session(&db, issuer, Some("ann"), None).await.unwrap(), 1);
    assert!(load(&db, &[3; 32]).await.is_some());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn purging_leaves_what_is_alive_and_what_was_just_revoked(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    create_session(&db, &ID, &row(json!({}))).await.unwrap();
    delete_session(&db, &ID).await.unwrap();
    assert_eq!(purge_ended(&db, &life()).await.unwrap(), 0);
    age(&pool, "25 hours", "25 hours").await;
    assert_eq!(purge_ended(&db, &life()).await.unwrap(), 1);
}
