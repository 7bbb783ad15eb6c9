//! Names that change, files that move, and what somebody takes out.

use domain::{access::Role, catalog::EntityRef};
use sqlx::query_scalar;
use uuid::Uuid;

use super::*;
use crate::testing;

fn of(reference: &str) -> EntityRef {
    reference.parse().unwrap()
}

async fn id(db: &Db, reference: &str) -> Option<Uuid> {
    let found = query_scalar("select entity_id from entity where reference = $1 and orphaned_at is null");
    found.bind(reference).fetch_optional(&db.pool).await.unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_renamed_in_its_file_stays_what_it_is(pool: PgPool) {
    let db = Db::of_pool(pool);
    let user = component("till", "  dependsOn: [component:ledger]\n");
    take(&db, "file:a", &component("ledger", "")).await;
    take(&db, "file:b", &user).await;
    let before = id(&db, "component:default/ledger").await;
    let renamed = take(&db, "file:a", &component("books", "")).await;
    assert_eq!(counts(&renamed), (0, 1, 0, 0));
    assert_eq!((id(&db, "component:default/books").await, id(&db, "component:default/ledger").await), (before, None));

    let viewer = one_of_us();
    assert_eq!(called_now(&viewer, &db, &of("component:default/ledger")).await.unwrap(), of("component:default/books"));
    let names = former(&viewer, &db, &of("component:default/books")).await.unwrap();
    let still = vec![of("component:default/till")];
    assert_eq!(names, [Former { reference: of("component:default/ledger"), referred_to_by: still }]);
    let story = timeline(&viewer, &db, &of("component:default/books")).await.unwrap();
    assert!(
        story.iter().any(|told| told.what == What::Renamed { before: "component:default/ledger".into() }),
        "{story:?}"
    );
    assert!(related(&db, "component:default/books").await.contains(&"ownedBy group:default/payments false".to_owned()));
    let outsider = testing::viewer(&[], &[]);
    assert!(matches!(called_now(&outsider, &db, &of("component:default/ledger")).await, Err(Error::NotFound)));
    assert_eq!(former(&outsider, &db, &of("component:default/books")).await.unwrap(), []);

    // Whoever takes the old name has it.
    take(&db, "file:c", &component("ledger", "")).await;
    assert_ne!(id(&db, "component:default/ledger").await, before);
    take(&db, "file:a", &component("ledger-books", "")).await;
    take(&db, "file:a", &component("books", "")).await;
    let names = former(&viewer, &db, &of("component:default/books")).await.unwrap();
    let names: Vec<&str> = names.iter().map(|former| former.reference.name()).collect();
    assert_eq!(names, ["ledger-books", "ledger"], "its own name is none of the old ones");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn where_it_is_not_certain_nothing_is_renamed(pool: PgPool) {
    let db = Db::of_pool(pool);
    let two = |a: &str, b: &str| format!("{}{}", component(a, ""), component(b, ""));
    take(&db, "file:a", &two("one", "two")).await;
    assert_eq!(counts(&take(&db, "file:a", &two("three", "four")).await), (2, 0, 0, 2), "which is which?");
    take(&db, "file:a", &two("three", "four")).await;
    let broken = format!("{}kind: [\n---\n{}", component("three", ""), component("five", ""));
    let imported = take(&db, "file:a", &broken).await;
    assert_eq!((imported.added, imported.changed), (1, 0), "the other may stand where the file is broken");
    let nine = take(&db, "file:a", &component("nine", "")).await;
    assert_eq!((nine.added, nine.changed), (1, 0), "any of those that went may be this one");
    let api = entry("API", "six", "", "type: grpc, lifecycle: x, owner: payments, definition: d");
    take(&db, "file:b", &component("seven", "")).await;
    assert_eq!(counts(&take(&db, "file:b", &api).await), (1, 0, 0, 1), "one kind does not become another");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_nobody_describes_belongs_to_who_describes_it_next(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:old", &component("ledger", "")).await;
    let before = id(&db, "component:default/ledger").await;
    assert_eq!(take(&db, "file:new", &component("ledger", "")).await.errors[0].rule, "entity-taken");
    take(&db, "file:old", "").await;
    let moved = take(&db, "file:new", &component("ledger", "")).await;
    assert_eq!((counts(&moved), moved.errors), ((0, 1, 0, 0), vec![]));
    assert_eq!(id(&db, "component:default/ledger").await, before);
    assert_eq!(take(&db, "file:old", &component("ledger", "")).await.errors[0].rule, "entity-taken");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_taken_out_is_seen_by_nobody_and_can_be_put_back(pool: PgPool) {
    let db = Db::of_pool(pool);
    let ledger = of("component:default/ledger");
    let user = component("till", "  dependsOn: [component:ledger]\n");
    take(&db, "file:all", &format!("{TEAM}{}{user}", component("ledger", ""))).await;
    let owner = testing::member(&db, "owner", "payments").await.unwrap();
    let neighbour = testing::member(&db, "neighbour", "search").await.unwrap();
    assert!(!may_remove(&owner, &db, &ledger).await.unwrap(), "its file describes it");
    assert!(matches!(remove(&owner, &db, &ledger).await, Err(Error::NotFound)));
    take(&db, "file:all", &format!("{TEAM}{user}")).await;

    assert!(!may_remove(&neighbour, &db, &ledger).await.unwrap());
    assert!(matches!(remove(&neighbour, &db, &ledger).await, Err(Error::NotFound)));
    assert!(may_remove(&owner, &db, &ledger).await.unwrap());
    remove(&owner, &db, &ledger).await.unwrap();
    for viewer in [&owner, &neighbour, &testing::viewer(&[], &[Role::Platform])] {
        assert!(matches!(find(viewer, &db, &ledger).await, Err(Error::NotFound)));
        assert_eq!(search(viewer, &db, "ledger", 20).await.unwrap().items, []);
    }
    assert_eq!(removed(&neighbour, &db).await.unwrap(), []);
    let found = removed(&owner, &db).await.unwrap().remove(0);
    assert_eq!((found.reference, found.referred_to_by), (ledger.clone(), vec![of("component:default/till")]));

    assert!(matches!(restore(&neighbour, &db, found.id).await, Err(Error::NotFound)));
    assert_eq!(restore(&owner, &db, found.id).await.unwrap(), ledger);
    assert_eq!(find(&neighbour, &db, &ledger).await.unwrap().id, found.id);
    assert!(matches!(restore(&owner, &db, found.id).await, Err(Error::NotFound)));
    let told: Vec<(String, serde_json::Value)> = testing::audited(&db, "component:default/ledger").await.unwrap();
    assert_eq!(
        told.iter().map(|(action, _)| action.as_str()).collect::<Vec<_>>(),
        ["catalog.remove", "catalog.restore"]
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_taken_out_comes_back_with_its_file_and_goes_for_good_after_a_month(pool: PgPool) {
    let db = Db::of_pool(pool);
    let ledger = of("component:default/ledger");
    take(&db, "file:a", &component("ledger", "")).await;
    take(&db, "file:b", TEAM).await;
    let owner = testing::member(&db, "owner", "payments").await.unwrap();
    let before = id(&db, "component:default/ledger").await;
    for described in [true, false] {
        take(&db, "file:a", "").await;
        remove(&owner, &db, &ledger).await.unwrap();
        let later = "update entity set removed_at = now() - interval '29 days 23 hours' where removed_at is not null";
        sqlx::query(later).execute(&db.pool).await.unwrap();
        assert_eq!(purge_removed(&db).await.unwrap(), 0);
        if described {
            take(&db, "file:a", &component("ledger", "")).await;
            assert_eq!(Some(find(&owner, &db, &ledger).await.unwrap().id), before);
        }
    }
    let later = "update entity set removed_at = now() - interval '30 days 1 hour' where removed_at is not null";
    sqlx::query(later).execute(&db.pool).await.unwrap();
    assert_eq!(purge_removed(&db).await.unwrap(), 1);
    assert_eq!(
        query_scalar::<_, i64>("select count(*) from entity where name = 'ledger'").fetch_one(&db.pool).await.unwrap(),
        0
    );
}
