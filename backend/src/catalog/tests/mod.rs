//! Against a database: what is stored, who sees it, what becomes of it.

mod exports;
mod imports;
mod kept;
mod lists;
mod migration;
mod moves;
mod queries;
mod restricted;
mod searches;
mod timeline;
mod unowned;

use domain::access::Viewer;
use serde_json::json;
use sqlx::PgPool;

use super::*;
use crate::{Db, Error, audit::Actor, testing::viewer};

fn one_of_us() -> Viewer {
    viewer(&["search"], &[])
}

/// A component with those lines in its spec.
fn component(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n  tags: [java]\nspec:\n  type: \
         service\n  lifecycle: production\n  owner: payments\n{spec}---\n"
    )
}

fn entry(kind: &str, name: &str, metadata: &str, spec: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}{metadata}}}\nspec: {{{spec}}}\n---\n"
    )
}

const TEAM: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: payments, title: Payments}\nspec: {type: team, children: []}\n---\n";

async fn take(db: &Db, origin: &str, text: &str) -> Imported {
    let collected = Collected::of(vec![FileText::new("catalog-info.yaml", text)]);
    import(db, &Actor::System("test"), origin, &collected).await.unwrap()
}

fn counts(imported: &Imported) -> (usize, usize, usize, usize) {
    (imported.added, imported.changed, imported.unchanged, imported.orphaned)
}

async fn related(db: &Db, reference: &str) -> Vec<String> {
    let groups = neighbours(&one_of_us(), db, &reference.parse().unwrap(), 50).await.unwrap();
    let all = groups.into_iter().flat_map(|group| {
        let relation = group.relation;
        group.shown.into_iter().map(move |found| format!("{relation} {} {}", found.reference, found.is_there))
    });
    all.collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_entity_is_registered_once_and_belongs_to_who_was_first(pool: PgPool) {
    let db = Db::of_pool(pool);
    let reference = "component:default/checkout".parse().unwrap();
    let document = json!({
        "kind": "Component", "metadata": {"description": "Takes orders", "tags": ["java"]},
        "spec": {"owner": "payments", "type": "service", "system": "shop", "dependsOn": ["resource:db"]},
    });
    let mut tx = db.pool.begin().await.unwrap();
    assert!(!is_taken(&mut tx, &reference).await.unwrap());
    assert_eq!(register(&mut tx, &reference, &document, "run:1").await.unwrap(), Registered::Now);
    assert_eq!(register(&mut tx, &reference, &document, "run:1").await.unwrap(), Registered::Before);
    assert_eq!(register(&mut tx, &reference, &json!({}), "run:2").await.unwrap(), Registered::Taken);
    assert!(is_taken(&mut tx, &reference).await.unwrap());
    tx.commit().await.unwrap();
    let found = find(&one_of_us(), &db, &reference).await.unwrap();
    assert_eq!(found.owner.as_deref(), Some("group:default/payments"));
    assert_eq!(found.system.as_deref(), Some("system:default/shop"));
    assert_eq!((found.spec_type.as_deref(), found.tags.as_slice()), (Some("service"), ["java".to_owned()].as_slice()));
    assert_eq!(found.description.as_deref(), Some("Takes orders"));
    assert_eq!(
        related(&db, "component:default/checkout").await,
        [
            "dependsOn resource:default/db false",
            "ownedBy group:default/payments false",
            "partOf system:default/shop false"
        ]
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_belongs_to_nobody_sees_nothing(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:a", &format!("{TEAM}{}", component("ledger", "  system: nowhere\n  dependsOn: [component:a@b]\n")))
        .await;
    let (outsider, reference) = (viewer(&[], &[]), "component:default/ledger".parse().unwrap());
    assert!(matches!(find(&outsider, &db, &reference).await, Err(Error::NotFound)));
    assert!(search(&outsider, &db, "ledger", 10).await.unwrap().items.is_empty());
    let none = CatalogFilter::default();
    assert!(list(&outsider, &db, &none, Sort::default(), None, 10).await.unwrap().items.is_empty());
    let facets = facets(&outsider, &db, &none).await.unwrap();
    assert_eq!((facets.total, facets.of(Facet::Kind).count()), (0, 0));
    assert!(neighbours(&outsider, &db, &reference, 10).await.unwrap().is_empty());
    assert!(troubles(&outsider, &db, &reference).await.unwrap().is_empty());
    assert!(!neighbours(&one_of_us(), &db, &reference, 10).await.unwrap().is_empty());
    assert!(!troubles(&one_of_us(), &db, &reference).await.unwrap().is_empty());
}
