//! Entities as clients of Backstage's catalog ask for them.

use domain::catalog::query::{Order, Predicate, filters, predicate};
use serde_json::Value;
use uuid::Uuid;

use super::*;
use crate::catalog::query::{
    EntityPage, EntityQuery, Parts, Start, Words, by_references, by_uid, count, location, location_of, locations, page,
    values_at,
};

const ALL: &str = "apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments, title: Payments}
spec: {type: team, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: payments}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Ledger
  title: 100% of the books
  description: Books every movement
  labels: {tier: '1'}
  annotations: {git.example/slug: 'a/Ledger', waymark.dev/quote: \"it's \\\\ here\"}
  tags: [java, web]
spec: {type: service, lifecycle: production, owner: payments, system: shop, more: {deep: [{size: 1.0}, null]}}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: refunds, tags: [java]}
spec: {type: website, lifecycle: experimental, owner: search, dependsOn: ['component:ledger']}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: books, namespace: ns}
spec: {type: openapi, lifecycle: production, owner: 'group:default/payments', definition: x}
";

async fn filled(pool: PgPool) -> Db {
    let db = Db::of_pool(pool);
    let imported = take(&db, "file:all.yaml", ALL).await;
    assert_eq!((imported.added, imported.errors.len()), (5, 0), "{imported:?}");
    db
}

fn all() -> EntityQuery {
    EntityQuery { predicate: Predicate::everything(), words: None, order: None }
}

fn name(entity: &Value) -> &str {
    entity["metadata"]["name"].as_str().unwrap()
}

fn names(page: &EntityPage) -> String {
    page.items.iter().map(name).collect::<Vec<_>>().join(" ")
}

async fn listed(db: &Db, query: &EntityQuery) -> String {
    let page = page(&one_of_us(), db, query, &Start::Offset(0), 100, Parts::ALL).await.unwrap();
    let total = count(&one_of_us(), db, query).await.unwrap();
    assert_eq!(i64::try_from(page.items.len()).unwrap(), total, "{query:?}");
    names(&page)
}

async fn meant(db: &Db, predicate: Predicate) -> String {
    listed(db, &EntityQuery { predicate, ..all() }).await
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn filters_mean_what_the_format_says(pool: PgPool) {
    let db = filled(pool).await;
    for (texts, left) in [
        (&[][..], "books Ledger refunds payments shop"),
        (&["kind=component"], "Ledger refunds"),
        (&["KIND=Component,Spec.Type=SERVICE"], "Ledger"),
        (&["kind=component,kind=api"], "books Ledger refunds"),
        (&["kind=group", "kind=api"], "books payments"),
        (&["kind=component,spec.type=openapi"], ""),
        (&["metadata.name=ledger"], "Ledger"),
        (&["metadata.namespace=default,spec.type"], "Ledger refunds payments"),
        (&["metadata.namespace=ns"], "books"),
        (&["metadata.tags=java"], "Ledger refunds"),
        (&["metadata.tags.web"], "Ledger"),
        (&["metadata.tags.java=true,metadata.tags.web=true"], "Ledger"),
        (&["metadata.labels.tier=1"], "Ledger"),
        (&["metadata.annotations.git.example/slug=a/ledger"], "Ledger"),
        (&["metadata.annotations.waymark.dev/quote=it's \\ here"], "Ledger"),
        (&["spec.more.deep.size=1"], "Ledger"),
        (&["spec.more.deep"], "Ledger"),
        (&["spec.more.deep="], ""),
        (&["spec.more"], ""),
        (&["metadata.annotations.backstage.io/managed-by-origin-location=file:all.yaml,kind=system"], "shop"),
        (&["metadata.annotations.backstage.io/orphan=true"], ""),
        (&["relations.ownedBy=group:default/payments"], "books Ledger shop"),
        (&["relations.ownedby=Group:default/Payments,kind=component"], "Ledger"),
        (
            &["relations.ownedBy=group:default/payments,relations.ownedBy=group:default/search,kind=component"],
            "Ledger refunds",
        ),
        (&["relations.ownerOf"], "payments"),
        (&["relations.dependencyOf=component:default/refunds"], "Ledger"),
        (&["relations.partOf=system:default/shop", "kind=group"], "Ledger payments"),
        (&["relations.partOf=system:default/none"], ""),
        (&["kind=' | 'kind"], ""),
        (&["kind=a\0b"], ""),
    ] {
        let predicate = filters(texts.iter().copied()).unwrap();
        assert_eq!(meant(&db, predicate).await, left, "{texts:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn predicates_mean_what_the_format_says(pool: PgPool) {
    let db = filled(pool).await;
    let owned = json!({"relations": {"$contains": {"type": "ownedBy", "targetRef": "group:default/payments"}}});
    for (value, left) in [
        (json!({}), "books Ledger refunds payments shop"),
        (json!({"$any": []}), ""),
        (json!({"kind": "Component", "spec.type": {"$in": ["service", "x"]}}), "Ledger"),
        (json!({"$not": {"kind": "component"}}), "books payments shop"),
        (json!({"spec.type": {"$exists": false}}), "shop"),
        (json!({"metadata.name": {"$hasPrefix": "P"}}), "payments"),
        (json!({"metadata.tags": {"$contains": "web"}}), "Ledger"),
        (owned.clone(), "books Ledger shop"),
        (json!({"$all": [{"kind": "component"}, {"$not": owned}]}), "refunds"),
        (json!({"$any": [{"kind": "group"}, {"$all": [owned, {"kind": "api"}]}]}), "books payments"),
        (json!({"$not": {"$any": [owned, {"kind": "group"}]}}), "refunds"),
        (json!({"relations": {"$contains": {"type": "dependsOn"}}}), "refunds"),
        (json!({"relations.ownedBy": {"$hasPrefix": "group:default/se"}}), "refunds"),
    ] {
        assert_eq!(meant(&db, predicate(&value).unwrap()).await, left, "{value}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn words_are_taken_as_they_are(pool: PgPool) {
    let db = filled(pool).await;
    for (text, fields, left) in [
        ("LEDG", &["metadata.name"][..], "Ledger"),
        ("movement", &["metadata.name"], ""),
        ("movement", &["metadata.name", "metadata.description"], "Ledger"),
        ("100%", &["metadata.title"], "Ledger"),
        ("10.%", &["metadata.title"], ""),
        ("java", &["metadata.tags"], "Ledger refunds"),
        ("\\ here", &["metadata.annotations.waymark.dev/quote"], "Ledger"),
        ("\" || true", &["metadata.name"], ""),
        ("e", &["a\"b"], ""),
        ("a\0b", &["metadata.name"], ""),
    ] {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        let query = EntityQuery { words: Some(Words { text: text.into(), fields }), ..all() };
        assert_eq!(listed(&db, &query).await, left, "{text}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn orders_keep_those_without_the_field_for_the_end(pool: PgPool) {
    let db = filled(pool).await;
    for (order, listed_so) in [
        (&["metadata.name,asc"][..], "books Ledger payments refunds shop"),
        (&["metadata.name,desc"], "shop refunds payments Ledger books"),
        (&["metadata.title"], "Ledger payments books refunds shop"),
        (&["metadata.title,desc"], "payments Ledger shop refunds books"),
        (&["spec.lifecycle", "metadata.name"], "refunds books Ledger payments shop"),
        (&["nothing.at.all"], "books Ledger refunds payments shop"),
    ] {
        let order = Order::of_suffixed(order.iter().copied()).unwrap();
        assert_eq!(listed(&db, &EntityQuery { order: order.clone(), ..all() }).await, listed_so, "{order:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_lead_forth_and_back(pool: PgPool) {
    let db = filled(pool).await;
    for fields in [&[][..], &["metadata.name"], &["metadata.name,desc"], &["metadata.title"], &["metadata.title,desc"]]
    {
        let query = EntityQuery { order: Order::of_suffixed(fields.iter().copied()).unwrap(), ..all() };
        let whole = listed(&db, &query).await;
        let at = async |start: Start| page(&one_of_us(), &db, &query, &start, 2, Parts::ALL).await.unwrap();
        let first = at(Start::Offset(0)).await;
        assert_eq!(first.previous, None, "{fields:?}");
        let second = at(Start::After(first.next.clone().unwrap())).await;
        let third = at(Start::After(second.next.clone().unwrap())).await;
        assert_eq!(third.next, None, "{fields:?}");
        assert_eq!([names(&first), names(&second), names(&third)].join(" "), whole, "{fields:?}");
        let back = at(Start::Before(third.previous.unwrap())).await;
        assert_eq!((names(&back), &back.next), (names(&second), &second.next), "{fields:?}");
        let begin = at(Start::Before(back.previous.unwrap())).await;
        assert_eq!((names(&begin), begin.previous, begin.next), (names(&first), None, first.next), "{fields:?}");
        let offset = at(Start::Offset(3)).await;
        assert_eq!(names(&offset), whole.split(' ').skip(3).take(2).collect::<Vec<_>>().join(" "));
    }
    let none = page(&one_of_us(), &db, &all(), &Start::Offset(0), 0, Parts::ALL).await.unwrap();
    assert_eq!(none, EntityPage::default());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_entity_is_told_with_all_that_is_known(pool: PgPool) {
    let db = filled(pool).await;
    let reference = "component:default/refunds".parse().unwrap();
    let found =
        by_references(&one_of_us(), &db, &[None, Some(reference)], &Predicate::everything(), Parts::ALL).await.unwrap();
    let [None, Some(refunds)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(refunds["metadata"]["namespace"], "default");
    assert_eq!(refunds["metadata"]["annotations"]["backstage.io/managed-by-location"], "file:catalog-info.yaml");
    assert_eq!(
        refunds["relations"],
        json!([
            {"type": "dependsOn", "targetRef": "component:default/ledger"},
            {"type": "ownedBy", "targetRef": "group:default/search"},
        ])
    );
    let status = &refunds["status"]["items"][0];
    assert_eq!((&status["type"], &status["level"]), (&json!("backstage.io/catalog-processing"), &json!("warning")));
    assert_eq!(status["error"]["name"], "owner");
    let uid: Uuid = refunds["metadata"]["uid"].as_str().unwrap().parse().unwrap();
    assert_eq!(by_uid(&one_of_us(), &db, uid).await.unwrap().as_ref(), Some(refunds));
    assert_eq!(meant(&db, filters([format!("metadata.uid={uid}").as_str()]).unwrap()).await, "refunds");
    // What changes is found as it is now, and what its origin leaves out is an orphan.
    take(&db, "file:all.yaml", &component("refunds", "").replace("production", "deprecated")).await;
    assert_eq!(meant(&db, filters(["spec.lifecycle=experimental"]).unwrap()).await, "");
    assert_eq!(meant(&db, filters(["spec.lifecycle=deprecated"]).unwrap()).await, "refunds");
    let orphans = filters(["metadata.annotations.backstage.io/orphan=true"]).unwrap();
    assert_eq!(meant(&db, orphans).await, "books Ledger payments shop");
    let no_orphans = predicate(&json!({"metadata.annotations.backstage.io/orphan": {"$exists": false}})).unwrap();
    assert_eq!(meant(&db, no_orphans).await, "refunds");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn facets_count_values_as_they_are_written(pool: PgPool) {
    let db = filled(pool).await;
    let counted = async |predicate: Predicate, path: &str| {
        let found = values_at(&one_of_us(), &db, &predicate, &[path.to_owned()]).await.unwrap();
        let values = found.get(path).into_iter().flatten().map(|(value, count)| format!("{value}={count}"));
        values.collect::<Vec<_>>().join(" ")
    };
    let all = Predicate::everything;
    assert_eq!(counted(all(), "kind").await, "API=1 Component=2 Group=1 System=1");
    assert_eq!(counted(all(), "metadata.tags").await, "java=2 web=1");
    assert_eq!(counted(all(), "relations.ownedby").await, "group:default/payments=3 group:default/search=1");
    let components = || filters(["kind=component"]).unwrap();
    assert_eq!(counted(components(), "spec.type").await, "service=1 website=1");
    assert_eq!(counted(components(), "relations.ownedby").await, "group:default/payments=1 group:default/search=1");
    assert_eq!(counted(components(), "none\0").await, "");
}

/// Everything that could tell whether there is something, for somebody who may see nothing.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_may_see_nothing_finds_and_counts_nothing(pool: PgPool) {
    let db = filled(pool).await;
    let outsider = viewer(&[], &[]);
    let order = |by| Order::of_suffixed([by]).unwrap();
    let words = || Some(Words { text: "ledger".into(), fields: vec!["metadata.name".into()] });
    for query in [
        all(),
        EntityQuery { predicate: filters(["kind=component"]).unwrap(), ..all() },
        EntityQuery { predicate: filters(["relations.ownedBy=group:default/payments"]).unwrap(), ..all() },
        EntityQuery { words: words(), order: order("metadata.name"), ..all() },
        EntityQuery { order: order("metadata.title,desc"), ..all() },
    ] {
        assert_eq!(count(&outsider, &db, &query).await.unwrap(), 0, "{query:?}");
        // Not even a place between two entities.
        let found = page(&outsider, &db, &query, &Start::Offset(0), 1, Parts::ALL).await.unwrap();
        assert_eq!(found, EntityPage::default(), "{query:?}");
        assert_ne!(count(&one_of_us(), &db, &query).await.unwrap(), 0, "{query:?}");
        let paths = ["kind".to_owned(), "metadata.tags".to_owned(), "relations.ownedby".to_owned()];
        assert!(values_at(&outsider, &db, &query.predicate, &paths).await.unwrap().is_empty(), "{query:?}");
    }
    let reference: domain::catalog::EntityRef = "component:default/ledger".parse().unwrap();
    let known = [Some(reference.clone())];
    let seen = by_references(&one_of_us(), &db, &known, &Predicate::everything(), Parts::ALL).await.unwrap();
    let uid = seen[0].as_ref().unwrap()["metadata"]["uid"].as_str().unwrap().parse().unwrap();
    assert_eq!(by_references(&outsider, &db, &known, &Predicate::everything(), Parts::ALL).await.unwrap(), [None]);
    assert_eq!(by_uid(&outsider, &db, uid).await.unwrap(), None);
    assert!(locations(&outsider, &db).await.unwrap().is_empty());
    assert!(matches!(location_of(&outsider, &db, &reference).await, Err(Error::NotFound)));
    let source = location_of(&one_of_us(), &db, &reference).await.unwrap();
    assert_eq!((source.r#type.as_str(), source.target.as_str()), ("file", "all.yaml"));
    assert!(matches!(location(&outsider, &db, source.id).await, Err(Error::NotFound)));
    assert_eq!(location(&one_of_us(), &db, source.id).await.unwrap(), source);
    assert_eq!(locations(&one_of_us(), &db).await.unwrap(), [source]);
}
