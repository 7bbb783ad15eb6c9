//! What can be said, and done, without any Git host.

use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_lives_here_changes_at_once_with_all_that_hangs_on_it(pool: PgPool) {
    let db = Db::of_pool(pool);
    let (member, other) = (
        testing::member(&db, "member", "payments").await.unwrap(),
        testing::member(&db, "other", "search").await.unwrap(),
    );
    registered(&db, "ledger", "payments").await;
    let before = entity(&member, &db, "ledger").await;
    let change = ask(&member, &db, "ledger", |form| {
        form.description = "New".to_owned();
        form.owner = "search".to_owned();
        form.tags = "java, new".to_owned();
        form.links[0].url = "https://docs.example".to_owned();
    });
    let change = change.await.unwrap();
    let after = entity(&member, &db, "ledger").await;
    assert_eq!(after.description.as_deref(), Some("New"));
    assert_eq!(after.owner.as_deref(), Some("group:default/search"));
    assert_eq!(after.document["metadata"]["links"][0]["url"], "https://docs.example");
    assert_eq!((after.tags.len(), after.system.as_deref()), (2, Some("system:default/shop")));
    assert_ne!(after.etag, before.etag);
    let owned = catalog::neighbours(&member, &db, &"group:default/search".parse().unwrap(), 5).await.unwrap();
    assert!(owned.iter().any(|group| group.relation == "ownerOf"), "{owned:?}");
    let found = catalog::search(&member, &db, "ledger", 5).await.unwrap();
    assert_eq!(found.items.len(), 1);

    let view = find_entity_change(&member, &db, change).await.unwrap();
    assert_eq!((view.state, view.has_unknown_owner), (EntityChangeState::Done, false));
    assert!(view.diff.unwrap().contains("+  description: New"));
    let told = catalog::timeline(&member, &db, &reference("ledger")).await.unwrap();
    let kinds: Vec<bool> = told.iter().map(|found| matches!(found.what, catalog::What::Asked(_))).collect();
    assert_eq!(kinds, [true, false], "the change tells of itself once: {told:?}");
    let audited = testing::audited(&db, "component:default/ledger").await.unwrap();
    assert_eq!((audited.len(), audited[0].0.as_str()), (1, "catalog.change"));
    assert_eq!(audited[0].1["fields"], serde_json::json!(["description", "tags", "links", "owner"]));
    // Whoever gave it away has it no more.
    assert!(!may_change(&member, &db, &reference("ledger")).await.unwrap());
    assert!(may_change(&other, &db, &reference("ledger")).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_cannot_be_taken_waits_in_the_form(pool: PgPool) {
    let db = Db::of_pool(pool);
    let member = testing::member(&db, "member", "payments").await.unwrap();
    registered(&db, "ledger", "payments").await;
    let refused = ask(&member, &db, "ledger", |form| {
        form.description = "Mine\0".to_owned();
        form.tags = "Not A Tag".to_owned();
        form.links[1].url = "javascript:alert(1)".to_owned();
    });
    let Err(Error::Invalid(errors)) = refused.await else { panic!("taken") };
    let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
    assert_eq!(pointers, ["/description", "/tags/0", "/links/1/url"]);
    let kept = edit_form(&member, &db, &reference("ledger")).await.unwrap();
    assert_eq!((kept.form.description.as_str(), kept.form.tags.as_str()), ("Mine\0", "Not A Tag"));
    assert_eq!((kept.errors.len(), kept.moved.len(), kept.kept_at.is_some()), (3, 0, true));
    assert_eq!(entity(&member, &db, "ledger").await.description.as_deref(), Some("Old"));
    discard_change_draft(&member, &db, &reference("ledger")).await.unwrap();
    assert_eq!(edit_form(&member, &db, &reference("ledger")).await.unwrap().kept_at, None);
    let same = ask(&member, &db, "ledger", |_| {}).await;
    assert!(matches!(&same, Err(Error::Invalid(errors)) if errors[0].message.starts_with("Nothing is different")));
    let nobody = ask(&member, &db, "ledger", |form| form.owner = String::new()).await;
    assert!(matches!(&nobody, Err(Error::Invalid(errors)) if errors[0].pointer == "/owner"), "{nobody:?}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn two_people_do_not_write_over_each_other(pool: PgPool) {
    let db = Db::of_pool(pool);
    let member = testing::member(&db, "member", "payments").await.unwrap();
    let colleague = testing::member(&db, "colleague", "payments").await.unwrap();
    registered(&db, "ledger", "payments").await;
    let (form, seen) = typed(&member, &db, "ledger", |form| form.tags = "mine".to_owned()).await.unwrap();
    ask(&colleague, &db, "ledger", |form| form.description = "Theirs".to_owned()).await.unwrap();
    let moved = request_change(&member, &db, &reference("ledger"), &form, &seen).await;
    assert!(matches!(moved, Err(Error::Conflict { code: "entity_moved", .. })), "{moved:?}");
    let kept = edit_form(&member, &db, &reference("ledger")).await.unwrap();
    assert_eq!(kept.moved, ["description"]);
    assert_eq!((kept.form.description.as_str(), kept.form.tags.as_str()), ("Theirs", "mine"));
    request_change(&member, &db, &reference("ledger"), &kept.form, &kept.seen).await.unwrap();
    let after = entity(&member, &db, "ledger").await;
    assert_eq!((after.description.as_deref(), after.tags.as_slice()), (Some("Theirs"), ["mine".to_owned()].as_slice()));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_that_only_people_write_is_shown_as_it_is_to_be(pool: PgPool) {
    let db = Db::of_pool(pool);
    let member = testing::member(&db, "member", "payments").await.unwrap();
    take(&db, "file:all.yaml", &format!("{}---\n{}", described("ledger", "payments", "Old"), described("b", "x", "y")))
        .await;
    let change = ask(&member, &db, "ledger", |form| {
        form.description = "New".to_owned();
        form.owner = "nobody-knows".to_owned();
    });
    let view = find_entity_change(&member, &db, change.await.unwrap()).await.unwrap();
    assert_eq!((view.state, view.has_unknown_owner), (EntityChangeState::ByHand, true));
    assert_eq!(view.text.unwrap(), described("ledger", "nobody-knows", "New"));
    let diff = view.diff.unwrap();
    assert!(diff.contains("-  description: Old\n+  description: New\n"), "{diff}");
    assert_eq!(entity(&member, &db, "ledger").await.description.as_deref(), Some("Old"));
}
