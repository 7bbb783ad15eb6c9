//! Who may change what, and who may take what nobody owns.

use super::*;

/// As different as they are, everything that is not one's to change answers alike.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn missing_hidden_and_somebody_elses_look_alike(pool: PgPool) {
    let db = Db::of_pool(pool);
    let member = testing::member(&db, "member", "payments").await.unwrap();
    let neighbour = testing::member(&db, "neighbour", "search").await.unwrap();
    let outsider = testing::signed_in(&db, "outsider", &[]).await.unwrap();
    let leadership = testing::signed_in(&db, "leadership", &["leadership"]).await.unwrap();
    let platform = testing::signed_in(&db, "platform", &["platform"]).await.unwrap();
    registered(&db, "ledger", "payments").await;
    registered(&db, "lost", "gone").await;
    let secret = described("secret", "payments", "x")
        .replace("  name", "  annotations: {waymark.dev/visible-to: audit}\n  name");
    take(&db, "file:a", &secret).await;
    let (form, seen) = typed(&member, &db, "ledger", |form| form.description = "Mine".to_owned()).await.unwrap();
    let cases = [
        (&neighbour, "ledger"),
        (&outsider, "ledger"),
        (&leadership, "ledger"),
        (&member, "lost"),
        (&neighbour, "secret"),
        (&member, "missing"),
        (&platform, "missing"),
    ];
    for (viewer, name) in cases {
        let of = reference(name);
        let refused = request_change(viewer, &db, &of, &form, &seen).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{} {name}: {refused:?}", viewer.login);
        assert!(matches!(edit_form(viewer, &db, &of).await, Err(Error::NotFound)), "{} {name}", viewer.login);
        assert!(!may_change(viewer, &db, &of).await.unwrap(), "{} {name}", viewer.login);
        let taken = adopt(viewer, &db, &of, &"group:default/payments".parse().unwrap()).await;
        assert!(matches!(taken, Err(Error::NotFound)), "{} {name}: {taken:?}", viewer.login);
    }
    let drafts: i64 = sqlx::query_scalar("select count(*) from catalog_draft").fetch_one(&db.pool).await.unwrap();
    assert_eq!(drafts, 0, "what is refused leaves nothing behind");
    for name in ["ledger", "lost", "secret"] {
        assert!(may_change(&platform, &db, &reference(name)).await.unwrap(), "{name}");
    }
    let change = ask(&member, &db, "ledger", |form| form.description = "Mine".to_owned()).await.unwrap();
    assert!(find_entity_change(&neighbour, &db, change).await.is_ok(), "who sees the entry sees what becomes of it");
    assert!(matches!(find_entity_change(&outsider, &db, change).await, Err(Error::NotFound)));
    let hidden = ask(&platform, &db, "secret", |form| form.description = "New".to_owned()).await.unwrap();
    assert!(matches!(find_entity_change(&neighbour, &db, hidden).await, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_team_takes_what_is_proposed_to_it_and_nothing_else(pool: PgPool) {
    let db = Db::of_pool(pool);
    let member = testing::member(&db, "member", "payments").await.unwrap();
    let neighbour = testing::member(&db, "neighbour", "search").await.unwrap();
    let platform = testing::signed_in(&db, "platform", &["platform"]).await.unwrap();
    let payments: EntityRef = "group:default/payments".parse().unwrap();
    let search: EntityRef = "group:default/search".parse().unwrap();
    for name in ["a", "b"] {
        registered(&db, name, "gone").await;
    }
    let mut tx = db.pool.begin().await.unwrap();
    let shop = serde_json::json!({"kind": "System", "spec": {"owner": "payments"}});
    catalog::register(&mut tx, &"system:default/shop".parse().unwrap(), &shop, "test").await.unwrap();
    tx.commit().await.unwrap();
    let offered = |found: Vec<catalog::Unowned>| found.into_iter().map(|one| one.may_adopt).collect::<Vec<_>>();
    assert_eq!(offered(catalog::unowned(&member, &db).await.unwrap()), [true, true]);
    assert_eq!(offered(catalog::unowned(&neighbour, &db).await.unwrap()), [false, false]);

    assert!(matches!(adopt(&neighbour, &db, &reference("a"), &payments).await, Err(Error::NotFound)));
    assert!(matches!(adopt(&neighbour, &db, &reference("a"), &search).await, Err(Error::NotFound)));
    let moved = adopt(&platform, &db, &reference("a"), &search).await;
    assert!(matches!(moved, Err(Error::Conflict { code: "proposal_moved", .. })), "{moved:?}");
    let change = adopt(&member, &db, &reference("a"), &payments).await.unwrap();
    assert_eq!(find_entity_change(&member, &db, change).await.unwrap().state, EntityChangeState::Done);
    let after = entity(&member, &db, "a").await;
    assert_eq!(
        (after.owner.as_deref(), &after.document["spec"]["owner"]),
        (Some("group:default/payments"), &"payments".into())
    );
    assert!(matches!(adopt(&member, &db, &reference("a"), &payments).await, Err(Error::NotFound)), "it has an owner");
    adopt(&platform, &db, &reference("b"), &payments).await.unwrap();
    assert_eq!(catalog::unowned(&member, &db).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_platform_team_says_whose_it_is_where_nobody_is_proposed(pool: PgPool) {
    let db = Db::of_pool(pool);
    let member = testing::member(&db, "member", "payments").await.unwrap();
    let platform = testing::signed_in(&db, "platform", &["platform"]).await.unwrap();
    let payments: EntityRef = "group:default/payments".parse().unwrap();
    let mut tx = db.pool.begin().await.unwrap();
    let lost = serde_json::json!({"kind": "Component", "spec": {"owner": "gone"}});
    catalog::register(&mut tx, &reference("lost"), &lost, "test").await.unwrap();
    tx.commit().await.unwrap();
    let may = async |viewer| catalog::unowned(viewer, &db).await.unwrap()[0].may_adopt;
    assert_eq!((may(&member).await, may(&platform).await), (false, true));
    assert!(matches!(adopt(&member, &db, &reference("lost"), &payments).await, Err(Error::NotFound)));
    for nobody in ["group:default/nowhere", "user:default/member"] {
        let refused = adopt(&platform, &db, &reference("lost"), &nobody.parse().unwrap()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{nobody}: {refused:?}");
    }
    adopt(&platform, &db, &reference("lost"), &payments).await.unwrap();
    assert_eq!(entity(&member, &db, "lost").await.owner.as_deref(), Some("group:default/payments"));
}
