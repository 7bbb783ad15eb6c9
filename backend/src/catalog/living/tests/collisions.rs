//! One name in two sources, and parts that come round to themselves over two.

use domain::access::Role;

use super::*;

const LEDGER: &str = "component:default/ledger";

async fn told(viewer: &Viewer, db: &Db, rule: &str) -> Vec<(Option<String>, String)> {
    let groups = inbox(viewer, db).await.unwrap();
    let all = groups.into_iter().flat_map(|group| {
        let owner = group.owner;
        group.entries.into_iter().map(move |entry| (owner.clone(), entry.finding))
    });
    all.filter(|(_, finding)| finding.rule == rule).map(|(owner, finding)| (owner, finding.message)).collect()
}

/// Two repositories that describe the ledger; the first has it.
async fn both(rig: &Rig) -> (Repository, Uuid, Uuid) {
    let text = component("ledger", &rig.team);
    let first = rig.repository("first", Visibility::Private, &[(FILE, &text)]).await;
    let second = rig.repository("second", Visibility::Private, &[(FILE, &component("ledger", "search"))]).await;
    let holder = rig.imported(&first).await;
    let loser = rig.imported(&second).await;
    rig.source(loser, "it is refused", |found| found.source.errors == 1 && found.source.looked_at.is_some()).await;
    (first, holder, loser)
}

async fn taken_over(rig: &Rig, loser: Uuid) {
    rig.source(loser, "it is taken over by itself", |found| found.source.errors == 0 && found.source.entities == 1)
        .await;
    assert_eq!(told(&rig.member, &rig.db, "described-elsewhere").await, []);
    assert_eq!(told(&rig.member, &rig.db, "entity-taken").await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn both_sides_are_told_and_an_end_gives_the_name_to_the_other(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let (_, holder, loser) = both(&rig).await;
    let ours = format!("group:default/{}", rig.team);
    let message = told(&rig.member, &rig.db, "described-elsewhere").await.remove(0);
    assert_eq!(message.0.as_deref(), Some(ours.as_str()));
    assert!(message.1.contains("/second/"), "{}", message.1);
    assert_eq!(told(&rig.member, &rig.db, "entity-taken").await.len(), 1);
    let search = testing::member(&rig.db, "neighbour", "search").await.unwrap();
    let others = told(&search, &rig.db, "described-elsewhere").await.remove(0);
    assert!(others.1.contains("a place that you may not see"), "{}", others.1);
    assert!(error_count(&rig.member, &rig.db).await.unwrap() >= 2);
    let id = rig.entity(LEDGER).await.unwrap().id;
    end_source(&rig.member, &rig.db, holder).await.unwrap();
    taken_over(&rig, loser).await;
    let after = rig.entity(LEDGER).await.unwrap();
    assert_eq!((after.id, after.owner.as_deref()), (id, Some("group:default/search")));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_name_gives_the_old_one_to_the_other(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let (mut first, _, loser) = both(&rig).await;
    rig.push(&mut first, &[], &[(FILE, &component("books", &rig.team))]).await;
    taken_over(&rig, loser).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_is_not_woken_finds_it_at_the_next_look(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let (mut first, _, loser) = both(&rig).await;
    rig.push(&mut first, &[FILE], &[("README.md", "#\n")]).await;
    rig.source(loser, "it is taken over by itself", |found| found.source.entities == 1).await;
    // The other way round, and nobody is woken.
    rig.rest().await;
    rig.put(&mut first, &[], &[(FILE, &component("ledger", &rig.team))]).await;
    rig.work(rig.git.clone());
    rig.told(&first.name).await;
    eventually("the first one is refused", || async {
        match told(&rig.member, &rig.db, "described-elsewhere").await.len() {
            1 => Ok(()),
            count => Err(count.to_string()),
        }
    })
    .await;
    rig.rest().await;
    let platform = testing::viewer(&[], &[Role::Platform]);
    sqlx::query("alter table entity disable trigger entity_let_go").execute(&rig.db.pool).await.unwrap();
    sqlx::query("update entity set orphaned_at = now() where name = 'ledger'").execute(&rig.db.pool).await.unwrap();
    assert!(inbox(&platform, &rig.db).await.is_ok());
    rig.work(rig.git.clone());
    rig.told(&first.name).await;
    eventually("its owner has it again", || async {
        let found = rig.entity(LEDGER).await.unwrap();
        let is_ours = found.origin.name.contains("/first/") && found.origin.orphaned_at.is_none();
        if is_ours { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_that_was_handed_over_is_told_when_the_name_is_free(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let (_, holder, loser) = both(&rig).await;
    end_source(&rig.member, &rig.db, loser).await.unwrap();
    let files = catalog::Collected::of(vec![catalog::FileText::new("all.yaml", component("ledger", &rig.team))]);
    let actor = crate::audit::Actor::System("test");
    let imported = catalog::import(&rig.db, &actor, "file:all.yaml", &files).await.unwrap();
    assert_eq!(imported.errors[0].rule, "entity-taken");
    assert_eq!(told(&rig.member, &rig.db, "described-elsewhere").await.len(), 1);
    end_source(&rig.member, &rig.db, holder).await.unwrap();
    assert_eq!(told(&rig.member, &rig.db, "entity-taken").await, []);
    let free = told(&rig.member, &rig.db, "entity-free").await.remove(0).1;
    assert!(free.starts_with(LEDGER) && free.contains("waymark catalog import"), "{free}");
    let again = catalog::import(&rig.db, &actor, "file:all.yaml", &files).await.unwrap();
    assert_eq!((again.changed, again.errors), (1, vec![]));
    assert_eq!(told(&rig.member, &rig.db, "entity-free").await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_circle_over_two_sources_is_told_to_both_owners_until_it_is_mended(pool: PgPool) {
    let db = Db::of_pool(pool);
    let domain = |name: &str, owner: &str, of: &str, more: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata: {{name: {name}{more}}}\nspec: {{owner: {owner}, \
             subdomainOf: {of}}}\n"
        )
    };
    let take = async |origin: &str, text: String| {
        let files = catalog::Collected::of(vec![catalog::FileText::new("all.yaml", text)]);
        catalog::import(&db, &crate::audit::Actor::System("test"), origin, &files).await.unwrap()
    };
    let payments = testing::member(&db, "one", "payments").await.unwrap();
    let search = testing::member(&db, "two", "search").await.unwrap();
    take("file:a", domain("a", "payments", "b", "")).await;
    assert_eq!(told(&payments, &db, "circle").await, []);
    let hidden = ", annotations: {waymark.dev/visible-to: search}";
    take("file:b", domain("b", "search", "a", hidden)).await;
    for (viewer, owner, words) in [
        (&payments, "group:default/payments", "domain:default/a → something that you may not see → domain:default/a"),
        (&search, "group:default/search", "domain:default/b → domain:default/a → domain:default/b"),
    ] {
        let mine = told(viewer, &db, "circle").await.into_iter().find(|(of, _)| of.as_deref() == Some(owner));
        let (_, message) = mine.unwrap();
        assert!(message.contains(words), "{message}");
    }
    take("file:b", domain("b", "search", "c", "")).await;
    assert_eq!(told(&payments, &db, "circle").await, []);
    take("file:b", domain("b", "search", "a", "")).await;
    assert_eq!(told(&payments, &db, "circle").await.len(), 2);
    take("file:a", domain("renamed", "payments", "b", "")).await;
    assert_eq!(told(&payments, &db, "circle").await, [], "nothing is called so any more");
    take("file:own", domain("x", "payments", "x", "")).await;
    let own: Vec<_> = told(&payments, &db, "circle").await;
    assert_eq!(own.len(), 1, "what a file says of itself is told at its own place: {own:?}");
}
