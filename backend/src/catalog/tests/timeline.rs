//! What became of entities over time.

use domain::catalog::descriptor::changed_fields;
use serde_json::Value;
use sqlx::query_scalar;

use super::*;

async fn told(db: &Db, reference: &str) -> Vec<String> {
    let found = timeline(&one_of_us(), db, &reference.parse().unwrap()).await.unwrap();
    let one = |happening: Happening| match happening.what {
        What::Changed { fields, owner, commit } => {
            let owner = owner.map(|(before, after)| format!(" {before:?}>{after:?}")).unwrap_or_default();
            format!("{}{owner}{}", fields.join(","), commit.map(|commit| format!(" @{commit}")).unwrap_or_default())
        }
        What::Asked(change) => format!("{:?}", change.state),
        other => format!("{other:?}"),
    };
    found.into_iter().map(one).collect()
}

async fn events(db: &Db) -> i64 {
    query_scalar("select count(*) from catalog_event").fetch_one(&db.pool).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_import_tells_of_what_it_changes_and_of_nothing_else(pool: PgPool) {
    let db = Db::of_pool(pool);
    let both = format!("{}{}", component("ledger", ""), component("other", ""));
    take(&db, "file:a", &both).await;
    take(&db, "file:a", &both).await;
    take(&db, "file:a", &format!("# One line more.\n{both}")).await;
    assert_eq!(events(&db).await, 0, "coming in, being read again and moving within the file change nothing");
    assert_eq!(told(&db, "component:default/ledger").await, ["Appeared"]);

    let changed = both.replacen("owner: payments", "owner: search", 1).replacen("tags: [java]", "description: D", 1);
    let mut tx = db.pool.begin().await.unwrap();
    crate::catalog::cause::is_commit(&mut tx, "abc").await.unwrap();
    let collected = Collected::of(vec![FileText::new("catalog-info.yaml", changed.as_str())]);
    crate::catalog::import::take_over(&mut tx, "file:a", &collected).await.unwrap();
    tx.commit().await.unwrap();
    take(&db, "file:a", &component("other", "")).await;
    take(&db, "file:a", &changed).await;
    let owners = "Some(\"group:default/payments\")>Some(\"group:default/search\")";
    assert_eq!(
        told(&db, "component:default/ledger").await,
        [
            "Found".to_owned(),
            "Orphaned".to_owned(),
            format!("metadata.description,metadata.tags,spec.owner {owners} @abc"),
            "Appeared".to_owned()
        ]
    );
    assert_eq!(told(&db, "component:default/other").await, ["Appeared"]);
    assert_eq!(events(&db).await, 3);
    let hidden = timeline(&viewer(&[], &[]), &db, &"component:default/ledger".parse().unwrap()).await.unwrap();
    assert_eq!(hidden, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_only_looked_at_tells_nothing(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:a", &component("ledger", "")).await;
    let changed = component("ledger", "  dependsOn: [component:b]\n");
    let collected = Collected::of(vec![FileText::new("catalog-info.yaml", changed.as_str())]);
    crate::catalog::import::preview(&db, "file:a", &collected).await.unwrap();
    assert_eq!(events(&db).await, 0);
}

/// The database names fields by the same rule as the preview of an import.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn fields_are_named_as_previews_name_them(pool: PgPool) {
    let db = Db::of_pool(pool);
    let (a, b) = (json!({"a": {"b": {"c": {"d": 1}}}}), json!({"a": {"b": {"c": {"d": 2}, "e": null}}}));
    let table: [(Value, Value); 7] = [
        (a.clone(), b.clone()),
        (b.clone(), a.clone()),
        (a.clone(), json!({"a": {"b": 1}})),
        (json!({"x": [1], "y": {}}), json!({"x": [1, 2], "y": {"z": {}}})),
        (json!({"spec": 1}), json!({})),
        (json!({"m": {"a/b": "1", "a.c": "2"}}), json!({"m": {"a/b": "2", "a.c": "3"}})),
        (a.clone(), a),
    ];
    for (before, after) in table {
        let fields: Vec<String> = query_scalar("select catalog_changed_fields($1, $2)")
            .bind(&before)
            .bind(&after)
            .fetch_one(&db.pool)
            .await
            .unwrap();
        assert_eq!(fields, changed_fields(&before, &after), "{before} {after}");
    }
}
