use serde_json::json;
use sqlx::PgPool;

use super::*;

async fn record(db: &Db, n: i64) {
    let tx = db.pool.begin().await.unwrap();
    let actor = Actor::System("test");
    commit(tx, Record { actor: &actor, action: "test.write", target: format!("thing:{n}"), detail: json!({"n": n}) })
        .await
        .unwrap();
}

async fn tamper(pool: &PgPool, sql: &'static str) {
    sqlx::query("alter table audit_entry disable trigger all").execute(pool).await.unwrap();
    sqlx::query(sql).execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn entries_written_side_by_side_form_one_chain(pool: PgPool) {
    let db = Db::of_pool(pool);
    let writers: Vec<_> = (0..20)
        .map(|n| {
            tokio::spawn({
                let db = db.clone();
                async move { record(&db, n).await }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(matches!(verify(&db).await.unwrap(), Verdict::Intact { entries: 20, .. }));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_database_refuses_to_rewrite_history(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    record(&db, 1).await;
    for sql in ["update audit_entry set actor = 'x'", "delete from audit_entry", "truncate audit_entry"] {
        let refused = sqlx::query(sql).execute(&pool).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{sql}: {refused}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_changed_row_is_found(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    for n in 1..=3 {
        record(&db, n).await;
    }
    tamper(&pool, r#"update audit_entry set detail = '{"n": 7}' where seq = 2"#).await;
    assert!(matches!(verify(&db).await.unwrap(), Verdict::Broken(Broken::Content { seq: 2 })));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_cut_off_end_is_found(pool: PgPool) {
    let db = Db::of_pool(pool.clone());
    for n in 1..=3 {
        record(&db, n).await;
    }
    tamper(&pool, "delete from audit_entry where seq = 3").await;
    assert!(matches!(verify(&db).await.unwrap(), Verdict::HeadDiffers { entries: 2, head_seq: 3 }));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_rolled_back_leaves_no_gap(pool: PgPool) {
    let db = Db::of_pool(pool);
    record(&db, 1).await;
    let mut tx = db.pool.begin().await.unwrap();
    let actor = Actor::System("test");
    append(&mut tx, Record { actor: &actor, action: "test.write", target: "x".into(), detail: json!({}) })
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    record(&db, 2).await;
    assert!(matches!(verify(&db).await.unwrap(), Verdict::Intact { entries: 2, .. }));
}
