//! Entries of before are carried over with all that the code of today would store.

use sqlx::{Connection, Row};

use super::*;
use crate::MIGRATOR;

/// The last schema in which an entity was its document alone.
const BEFORE: i64 = 20261121140000;

const DOCUMENTS: [(&str, &str); 6] = [
    (
        "component:default/one",
        r#"{"spec": {"owner": "Payments", "type": "service", "lifecycle": "x", "system": "ns/shop", "subcomponentOf": "two", "providesApis": ["a", "API:ns/b"], "consumesApis": "c", "dependsOn": ["resource:db", "nokind", "a:b:c"], "dependencyOf": ["component:x/y"]}, "metadata": {"tags": ["b", 1, "a"]}}"#,
    ),
    ("group:shop/team", r#"{"spec": {"parent": "up", "children": ["down", "default/other"], "members": ["ann"]}}"#),
    ("user:default/ann", r#"{"spec": {"memberOf": ["shop/team"]}}"#),
    ("domain:default/d", r#"{"spec": {"owner": "user:ann", "subdomainOf": "e"}}"#),
    ("robot:default/r", r#"{"spec": {"owner": "payments", "system": "shop", "dependsOn": ["resource:x"]}}"#),
    ("component:default/empty", "{}"),
];

#[sqlx::test(migrations = false)]
async fn old_entries_say_what_new_ones_do(pool: PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    // Databases may begin with today's schema.
    sqlx::raw_sql("drop schema public cascade; create schema public").execute(&mut *connection).await.unwrap();
    MIGRATOR.run_to(BEFORE, &mut *connection).await.unwrap();
    for (reference, document) in DOCUMENTS {
        let of: domain::catalog::EntityRef = reference.parse().unwrap();
        sqlx::query(
            "insert into entity (kind, namespace, name, document, origin) values ($1, $2, $3, $4::jsonb, 'file:old')",
        )
        .bind(of.kind())
        .bind(of.namespace())
        .bind(of.name())
        .bind(document)
        .execute(&mut *connection)
        .await
        .unwrap();
    }
    MIGRATOR.run(&mut *connection).await.unwrap();
    let old = told(&mut connection).await;
    let found_by = terms(&mut connection).await;
    sqlx::query("delete from entity").execute(&mut *connection).await.unwrap();
    let mut tx = connection.begin().await.unwrap();
    for (reference, document) in DOCUMENTS {
        let document = serde_json::from_str(document).unwrap();
        register(&mut tx, &reference.parse().unwrap(), &document, "file:old").await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(old.join("\n"), told(&mut connection).await.join("\n"));
    assert_eq!(old.len(), 2 * 16 + DOCUMENTS.len());
    assert_eq!(found_by.join("\n"), terms(&mut connection).await.join("\n"));
    assert!(found_by.len() > 8 * DOCUMENTS.len(), "{found_by:?}");
}

/// Relations and systems, in order.
async fn told(connection: &mut sqlx::PgConnection) -> Vec<String> {
    let relations = sqlx::query(
        "select e.reference || ': ' || r.from_ref || ' ' || r.name || ' ' || r.to_ref as line
         from entity_relation r join entity e using (entity_id)
         union all select reference || ' in ' || coalesce(system, '-') || array_to_string(tags, ',') from entity order by 1",
    );
    relations.fetch_all(connection).await.unwrap().iter().map(|row| row.get("line")).collect()
}

/// What each entity is found by but for its id, which is another one each time.
async fn terms(connection: &mut sqlx::PgConnection) -> Vec<String> {
    let terms = sqlx::query(
        "select reference || ' ' || replace(term, chr(31), '=') as line
         from entity_search join entity using (entity_id) cross join lateral unnest(tsvector_to_array(terms)) as term
         where term not like 'metadata.uid%'
         union all
         select reference || ' ' || key || ': ' || value
         from entity_search join entity using (entity_id) cross join lateral jsonb_each_text(fields)
         where key <> 'metadata.uid' order by 1",
    );
    terms.fetch_all(connection).await.unwrap().iter().map(|row| row.get("line")).collect()
}
