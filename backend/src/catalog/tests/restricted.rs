//! What only some may see: nothing tells the others that it is there.

use domain::{
    access::Role,
    catalog::query::{Predicate, filters},
};
use serde_json::Value;

use super::*;
use crate::{
    catalog::query::{
        EntityQuery, Parts, Start, by_references, by_uid, count, location, location_of, locations, page, values_at,
    },
    golden_paths::entity_choices,
    maturity,
};

const VAULT: &str = "apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: vault, annotations: {waymark.dev/visible-to: 'payments, group:audit'}}
spec: {owner: payments}
---
";

/// A system that two teams see, what is part of it directly and not, and one that stands outside and names it.
fn all(vault: &str) -> String {
    [
        TEAM,
        vault,
        &entry("Component", "keys", "", "type: service, lifecycle: x, owner: payments, system: vault, dependsOn: ['component:front'], providesApis: [keys-api]"),
        &entry("API", "keys-api", "", "type: openapi, lifecycle: x, owner: payments, system: vault, definition: x"),
        &entry("Component", "keys-worker", "", "type: service, lifecycle: x, owner: payments, subcomponentOf: keys"),
        &entry("Component", "front", "", "type: service, lifecycle: x, owner: search, dependsOn: ['component:keys']"),
        &entry("Component", "guest", "", "type: service, lifecycle: x, owner: search, system: vault"),
    ]
    .concat()
}

const HIDDEN: [&str; 4] =
    ["api:default/keys-api", "component:default/keys", "component:default/keys-worker", "system:default/vault"];

async fn seen(viewer: &Viewer, db: &Db) -> Vec<String> {
    let page = list(viewer, db, &CatalogFilter::default(), Sort::default(), None, 100).await.unwrap();
    page.items.iter().map(|entity| entity.reference.to_string()).collect()
}

async fn filled(pool: PgPool) -> Db {
    let db = Db::of_pool(pool);
    assert_eq!(take(&db, "file:all.yaml", &all(VAULT)).await.errors, []);
    db
}

fn asked(text: &str) -> EntityQuery {
    let predicate = filters([text]).unwrap();
    EntityQuery { predicate, words: None, order: None }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn it_is_seen_by_its_readers_its_owners_and_those_who_see_all(pool: PgPool) {
    let db = filled(pool).await;
    let everything = 7;
    for (teams, roles, hidden) in [
        (&["payments"][..], &[][..], false),
        (&["audit"], &[], false),
        (&[], &[Role::Platform], false),
        (&[], &[Role::Operator], false),
        (&["search"], &[], true),
        (&[], &[Role::Leadership], true),
    ] {
        let seen = seen(&viewer(teams, roles), &db).await;
        let (is_all, shows) = (seen.len() == everything, HIDDEN.iter().any(|name| seen.contains(&(*name).to_owned())));
        assert_eq!((is_all, shows), (!hidden, !hidden), "{teams:?} {roles:?} {seen:?}");
    }
    let search = seen(&viewer(&["search"], &[]), &db).await;
    assert_eq!(search, ["component:default/front", "component:default/guest", "group:default/payments"]);
    let keys = find(&viewer(&["audit"], &[]), &db, &HIDDEN[1].parse().unwrap()).await.unwrap();
    assert_eq!(keys.visible_to.unwrap(), ["group:default/audit", "group:default/payments"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_page_and_no_question_tells_the_others(pool: PgPool) {
    let db = filled(pool).await;
    let (audit, other) = (viewer(&["audit"], &[]), viewer(&["search"], &[]));
    for name in HIDDEN {
        let reference = name.parse().unwrap();
        let uid = find(&audit, &db, &reference).await.unwrap().id;
        assert!(matches!(find(&other, &db, &reference).await, Err(Error::NotFound)), "{name}");
        assert!(neighbours(&other, &db, &reference, 10).await.unwrap().is_empty(), "{name}");
        assert!(by_uid(&other, &db, uid).await.unwrap().is_none() && by_uid(&audit, &db, uid).await.unwrap().is_some());
        let asked = [Some(reference.clone())];
        let found = by_references(&other, &db, &asked, &Predicate::everything(), Parts::ALL).await.unwrap();
        assert_eq!(found, [None]);
        assert!(matches!(location_of(&other, &db, &reference).await, Err(Error::NotFound)));
    }
    for (text, viewer, is_there) in
        [("keys", &other, false), ("keys", &audit, true), ("vautl", &other, false), ("vautl", &audit, true)]
    {
        let found = search(viewer, &db, text, 10).await.unwrap();
        let shows = found.items.iter().any(|entity| HIDDEN.contains(&entity.reference.to_string().as_str()));
        assert_eq!(shows, is_there, "{text}: {found:?}");
    }
    for (viewer, total) in [(&other, 3), (&audit, 7)] {
        assert_eq!(facets(viewer, &db, &CatalogFilter::default()).await.unwrap().total, total);
        let everything = EntityQuery { predicate: Predicate::everything(), words: None, order: None };
        assert_eq!(count(viewer, &db, &everything).await.unwrap(), total);
    }
    let choices = entity_choices(&other, &db, &["system".to_owned()]).await.unwrap();
    assert!(choices.is_empty(), "{choices:?}");
    assert_eq!(entity_choices(&audit, &db, &["system".to_owned()]).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_hidden_entity_says_of_others_is_hidden_too(pool: PgPool) {
    let db = filled(pool).await;
    let (audit, other) = (viewer(&["audit"], &[]), viewer(&["search"], &[]));
    let front = "component:default/front".parse().unwrap();
    let said = |groups: Vec<NeighbourGroup>| groups.into_iter().map(|group| group.relation).collect::<Vec<_>>();
    assert_eq!(said(neighbours(&other, &db, &front, 10).await.unwrap()), ["dependsOn", "ownedBy"]);
    assert_eq!(said(neighbours(&audit, &db, &front, 10).await.unwrap()), ["dependencyOf", "dependsOn", "ownedBy"]);
    let named = |groups: Vec<NeighbourGroup>| {
        let depends = groups.into_iter().find(|group| group.relation == "dependsOn").unwrap();
        (depends.shown[0].reference.to_string(), depends.shown[0].is_there)
    };
    let (hidden, shown) = (neighbours(&other, &db, &front, 10), neighbours(&audit, &db, &front, 10));
    assert_eq!(named(hidden.await.unwrap()), (HIDDEN[1].to_owned(), false), "it says so itself, and nothing more");
    assert_eq!(named(shown.await.unwrap()), (HIDDEN[1].to_owned(), true));
    let backwards = asked("relations.dependencyOf=component:default/keys");
    for (viewer, found) in [(&other, 0), (&audit, 1)] {
        assert_eq!(count(viewer, &db, &backwards).await.unwrap(), found);
        let page = page(viewer, &db, &backwards, &Start::Offset(0), 10, Parts::ALL).await.unwrap();
        assert_eq!(page.items.len(), usize::try_from(found).unwrap());
        let values =
            values_at(viewer, &db, &Predicate::everything(), &["relations.dependencyof".into()]).await.unwrap();
        assert_eq!(values.contains_key("relations.dependencyof"), found == 1);
        let told =
            by_references(viewer, &db, &[Some(front.clone())], &Predicate::everything(), Parts::ALL).await.unwrap();
        let told = told[0].as_ref().unwrap()["relations"].as_array().unwrap().clone();
        let tells = told.iter().any(|relation: &Value| relation["type"] == "dependencyOf");
        assert_eq!(tells, found == 1);
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_source_with_nothing_but_hidden_entities_is_hidden_and_so_are_its_levels(pool: PgPool) {
    let db = filled(pool).await;
    let (secret, shown) = ("component:default/cellar", "component:default/front");
    let more = entry("Component", "cellar", "", "type: service, lifecycle: x, owner: payments, system: vault");
    take(&db, "file:cellar.yaml", &more).await;
    let (audit, other, leads) = (viewer(&["audit"], &[]), viewer(&["search"], &[]), viewer(&[], &[Role::Leadership]));
    assert_eq!(locations(&other, &db).await.unwrap().len(), 1);
    assert_eq!(locations(&audit, &db).await.unwrap().len(), 2);
    let cellar = location_of(&audit, &db, &secret.parse().unwrap()).await.unwrap().id;
    assert!(location(&audit, &db, cellar).await.is_ok());
    assert!(matches!(location(&other, &db, cellar).await, Err(Error::NotFound)));
    let now = time::macros::datetime!(2027-01-01 12:00 UTC);
    for (viewer, name, is_there) in
        [(&leads, secret, false), (&leads, shown, true), (&viewer(&[], &[Role::Platform]), secret, true)]
    {
        let page = maturity::service(viewer, &db, name, now).await;
        assert_eq!(page.is_ok(), is_there, "{name}: {page:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn lifting_narrowing_and_circles_settle(pool: PgPool) {
    let db = filled(pool).await;
    let other = viewer(&["search"], &[]);
    assert_eq!(seen(&other, &db).await.len(), 3);
    let open = VAULT.replace(", annotations: {waymark.dev/visible-to: 'payments, group:audit'}", "");
    take(&db, "file:all.yaml", &all(&open)).await;
    assert_eq!(seen(&other, &db).await.len(), 7, "what was lifted is lifted for all that was below");
    let empty = VAULT.replace("payments, group:audit", "");
    take(&db, "file:all.yaml", &all(&empty)).await;
    assert_eq!(seen(&viewer(&["audit"], &[]), &db).await.len(), 2, "nobody is named");
    assert_eq!(seen(&viewer(&["payments"], &[]), &db).await.len(), 7, "but for the owner");
    let circle = [
        entry("Domain", "a", ", annotations: {waymark.dev/visible-to: 'x, y'}", "owner: payments, subdomainOf: b"),
        entry("Domain", "b", ", annotations: {waymark.dev/visible-to: 'y, z'}", "owner: payments, subdomainOf: a"),
    ];
    take(&db, "file:circle.yaml", &circle.concat()).await;
    let (x, y) = (seen(&viewer(&["x"], &[]), &db).await, seen(&viewer(&["y"], &[]), &db).await);
    assert_eq!((x.iter().any(|name| name.starts_with("domain:")), y.len() - x.len()), (false, 2));
}

/// Each a part of the one before, the first of a restricted system.
fn chain(length: usize) -> String {
    let link = |at: usize| {
        let of = if at == 0 { "system: vault".to_owned() } else { format!("subcomponentOf: link-{}", at - 1) };
        entry("Component", &format!("link-{at}"), "", &format!("type: service, lifecycle: x, owner: payments, {of}"))
    };
    (0..length).map(link).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn parts_are_hidden_however_deep_they_lie(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:vault.yaml", VAULT).await;
    take(&db, "file:chain.yaml", &chain(30)).await;
    assert_eq!(seen(&viewer(&["search"], &[]), &db).await, [""; 0]);
    assert_eq!(seen(&viewer(&["audit"], &[]), &db).await.len(), 31);

    take(&db, "file:chain.yaml", &chain(130)).await;
    let round = entry(
        "Component",
        "link-0",
        "",
        "type: service, lifecycle: x, owner: payments, system: vault, subcomponentOf: link-40",
    );
    assert_eq!(seen(&viewer(&["search"], &[]), &db).await, [""; 0], "deeper than anybody nests things");
    assert_eq!(seen(&viewer(&["payments"], &[]), &db).await.len().min(100), 100, "but for the owner");
    let circle = round + chain(41).split_once("---\n").unwrap().1;
    take(&db, "file:chain.yaml", &circle).await;
    assert_eq!(seen(&viewer(&["search"], &[]), &db).await, [""; 0], "round in a circle");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_the_platform_makes_within_it_is_hidden_at_once(pool: PgPool) {
    let db = filled(pool).await;
    let document = json!({"spec": {"owner": "payments", "system": "vault"}});
    let reference = "component:default/made".parse().unwrap();
    let mut tx = db.pool.begin().await.unwrap();
    register(&mut tx, &reference, &document, "run:1").await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(find(&viewer(&["search"], &[]), &db, &reference).await, Err(Error::NotFound)));
    find(&viewer(&["audit"], &[]), &db, &reference).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_slip_hides_and_is_told(pool: PgPool) {
    let db = Db::of_pool(pool);
    for slip in ["a/b/c", "user:ann", "pay ments/"] {
        let imported = take(&db, "file:all.yaml", &VAULT.replace("payments, group:audit", slip)).await;
        assert_eq!((imported.added, imported.errors[0].rule.as_str()), (0, "visible-to"), "{slip}");
    }
    let written: Vec<String> = sqlx::query_scalar("select catalog_visible_to($1, 'ns')")
        .bind(json!({"metadata": {"annotations": {"waymark.dev/visible-to": "a/b/c, Team\nuser:ann other/x"}}}))
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(written, ["group:ns/team", "group:other/x", "user:ns/ann"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pictures_do_not_lead_through_what_is_hidden(pool: PgPool) {
    let db = filled(pool).await;
    let front = "component:default/front".parse().unwrap();
    for (viewer, around) in [
        (viewer(&["search"], &[]), vec![]),
        (viewer(&["audit"], &[]), vec![HIDDEN[0], HIDDEN[1], HIDDEN[2], HIDDEN[3]]),
    ] {
        let found = surroundings(&viewer, &db, &front, 2).await.unwrap();
        let names: Vec<String> = found.nodes.iter().map(|node| node.reference.to_string()).collect();
        assert_eq!(names, around);
        let told = found.edges.iter().filter(|edge| edge.relation == "dependsOn").count();
        assert_eq!(told, if around.is_empty() { 0 } else { 2 }, "{:?}", found.edges);
    }
    let hidden = surroundings(&viewer(&["search"], &[]), &db, &HIDDEN[1].parse().unwrap(), 2).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_has_no_owner_is_restricted_like_the_rest(pool: PgPool) {
    let db = filled(pool).await;
    let hidden = ", annotations: {waymark.dev/visible-to: audit}";
    let text = entry("Group", "night", hidden, "type: team, children: []") + &entry("Location", "all", hidden, "");
    assert_eq!(take(&db, "file:more.yaml", &text).await.errors, []);
    assert_eq!(seen(&viewer(&["audit"], &[]), &db).await.len(), 9);
    assert_eq!(seen(&viewer(&[], &[Role::Platform]), &db).await.len(), 9);
    assert_eq!(seen(&viewer(&["search"], &[]), &db).await.len(), 3);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn two_who_write_at_the_same_time_see_what_the_other_restricts(pool: PgPool) {
    let db = Db::of_pool(pool);
    let document = json!({"spec": {"owner": "payments", "system": "vault"}});
    let reference = "component:default/made".parse().unwrap();
    let mut run = db.pool.begin().await.unwrap();
    register(&mut run, &reference, &document, "run:1").await.unwrap();
    let other = tokio::spawn({
        let db = db.clone();
        async move { take(&db, "file:all.yaml", VAULT).await }
    });
    let waits = "select exists (select 1 from pg_locks where locktype = 'advisory' and not granted
                 and database = (select oid from pg_database where datname = current_database()))";
    while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&db.pool).await.unwrap() {
        assert!(!other.is_finished(), "the import does not wait for the run");
        tokio::task::yield_now().await;
    }
    run.commit().await.unwrap();
    other.await.unwrap();
    assert!(matches!(find(&viewer(&["search"], &[]), &db, &reference).await, Err(Error::NotFound)));
}
