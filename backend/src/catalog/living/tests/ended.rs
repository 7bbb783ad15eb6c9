//! Repositories that go or move, and sources that end.

use reqwest::Method;
use sqlx::query;

use super::*;
use crate::catalog::query::locations;

impl Rig {
    /// At the host, past the product. What was pushed a moment ago it may not know yet.
    async fn at_host(&self, method: Method, path: &str, body: serde_json::Value) {
        let url = self.settings.url.join(&format!("api/v1/repos/{path}")).unwrap();
        let client = reqwest::Client::builder().build().unwrap();
        eventually(path, || async {
            let call = client.request(method.clone(), url.clone());
            let answer = call.bearer_auth(self.settings.token.expose_secret()).json(&body).send().await.unwrap();
            if answer.status().is_success() { Ok(()) } else { Err(answer.status().to_string()) }
        })
        .await;
    }

    async fn missed(&self, source: Uuid) -> SourceDetail {
        look_again(&self.member, &self.db, source).await.unwrap();
        self.source(source, "it is missed", |found| found.source.trouble.is_some()).await
    }

    /// As if the host had said so for longer than a day.
    async fn a_day_later(&self, source: Uuid) {
        let later = "update catalog_source set missing_since = missing_since - interval '25 hours',
                         missing_looks = missing_looks + 10 where source_id = $1";
        query(later).bind(source).execute(&self.db.pool).await.unwrap();
        look_again(&self.member, &self.db, source).await.unwrap();
    }
}

const LEDGER: &str = "component:default/ledger";

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_a_repository_leaves_that_is_gone_belongs_to_the_next_that_describes_it(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let text = component("ledger", &rig.team);
    let old = rig.repository("old", Visibility::Private, &[(FILE, &text)]).await;
    let source = rig.imported(&old).await;
    let before = rig.entity(LEDGER).await.unwrap();
    rig.at_host(Method::DELETE, &old.name.to_string(), json!({})).await;
    let missed = rig.missed(source).await;
    assert_eq!((missed.source.ended_at, missed.source.orphans), (None, 0), "somebody may put it back");
    let new = rig.repository("new", Visibility::Private, &[(FILE, &text)]).await;
    let early = rig.imported(&new).await;
    let refused = rig.source(early, "it is refused", |found| found.source.errors == 1).await;
    assert_eq!(refused.findings[0].rule, "entity-taken");

    rig.a_day_later(source).await;
    let ended = rig.source(source, "it ended", |found| found.source.ended_at.is_some()).await;
    assert_eq!((ended.source.ended_by, ended.source.trouble), (None, None));
    assert!(locations(&rig.member, &rig.db).await.unwrap().iter().all(|location| location.id != source));
    let again = look_again(&rig.member, &rig.db, source).await;
    assert!(matches!(again, Err(Error::Conflict { code: "source_ended", .. })), "{again:?}");
    look_again(&rig.member, &rig.db, early).await.unwrap();
    rig.source(early, "it is taken over", |found| found.source.entities == 1 && found.source.errors == 0).await;
    let after = rig.entity(LEDGER).await.unwrap();
    assert_eq!((after.id, after.origin.orphaned_at, after.origin.source), (before.id, None, Some(early)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_branch_that_is_gone_ends_its_source_and_a_host_that_is_away_ends_none(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &component("ledger", &rig.team))]).await;
    let source = rig.imported(&repository).await;
    rig.at_host(Method::POST, &format!("{}/branches", repository.name), json!({ "new_branch_name": "trunk" })).await;
    rig.at_host(Method::PATCH, &repository.name.to_string(), json!({ "default_branch": "trunk" })).await;
    rig.at_host(Method::DELETE, &format!("{}/branches/main", repository.name), json!({})).await;
    let missed = rig.missed(source).await;
    assert!(missed.source.trouble.unwrap().0.contains("has no branch main"));

    rig.rest().await;
    let mut away = rig.settings.clone();
    away.url = "http://127.0.0.1:9/".parse().unwrap();
    let good = rig.git.clone();
    rig.work(git_host::connect(&away).unwrap());
    rig.a_day_later(source).await;
    let down = rig.source(source, "the host is away", |found| {
        found.source.trouble.as_ref().is_some_and(|(words, _)| words.contains("does not answer"))
    });
    let down = down.await.source;
    assert_eq!((down.ended_at, down.orphans), (None, 0));
    rig.rest().await;
    rig.work(good);
    look_again(&rig.member, &rig.db, source).await.unwrap();
    rig.source(source, "it ended", |found| found.source.ended_at.is_some() && found.source.orphans == 1).await;
    catalog::remove(&rig.member, &rig.db, &LEDGER.parse().unwrap()).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_decides_about_a_source_ends_it_at_once_and_nobody_else(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let repository = rig.repository("ledger", Visibility::Internal, &[(FILE, &component("ledger", &rig.team))]).await;
    let source = rig.imported(&repository).await;
    rig.source(source, "the source is settled", |found| found.source.looked_at.is_some()).await;
    let neighbour = testing::member(&rig.db, "neighbour", "search").await.unwrap();
    let outsider = testing::signed_in(&rig.db, "outsider", &[]).await.unwrap();
    assert!(find_source(&rig.member, &rig.db, source).await.unwrap().source.is_mine);
    assert!(!find_source(&neighbour, &rig.db, source).await.unwrap().source.is_mine);
    for viewer in [&neighbour, &outsider] {
        let refused = end_source(viewer, &rig.db, source).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    }
    end_source(&rig.member, &rig.db, source).await.unwrap();
    assert!(matches!(end_source(&rig.member, &rig.db, source).await, Err(Error::NotFound)), "it has ended");
    let ended = find_source(&neighbour, &rig.db, source).await.unwrap().source;
    assert_eq!((ended.orphans, ended.ended_by.as_deref()), (1, Some("member")));
    rig.told(&repository.name).await;
    assert!(rig.entity(LEDGER).await.unwrap().origin.orphaned_at.is_some(), "nothing reads it any more");
    let actions = testing::audited(&rig.db, &ended.origin).await.unwrap();
    assert_eq!(actions.last().unwrap().0, "catalog.end_source");

    assert_eq!(rig.imported(&repository).await, source, "the same file begins anew");
    let anew = rig.source(source, "it is read again", |found| found.source.orphans == 0).await.source;
    assert_eq!((anew.ended_at, anew.ended_by), (None, None));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_that_was_handed_over_ends_for_the_owners_of_all_it_describes(pool: PgPool) {
    let db = Db::of_pool(pool);
    let both = format!("{}---\n{}", component("ledger", "payments"), component("index", "search"));
    for (file, text) in [("one.yaml", component("till", "payments")), ("both.yaml", both)] {
        let collected = catalog::Collected::of(vec![catalog::FileText::new(file, text)]);
        let actor = crate::audit::Actor::System("test");
        catalog::import(&db, &actor, &format!("file:{file}"), &collected).await.unwrap();
    }
    let payments = testing::member(&db, "owner", "payments").await.unwrap();
    let platform = testing::signed_in(&db, "platform", &["platform"]).await.unwrap();
    let all = sources(&payments, &db).await.unwrap();
    let of = |name: &str| all.iter().find(|source| source.origin == name).unwrap();
    let (one, both) = (of("file:one.yaml"), of("file:both.yaml"));
    assert_eq!((one.is_mine, both.is_mine), (true, false), "the other file describes what is another team's");
    assert!(matches!(end_source(&payments, &db, both.id).await, Err(Error::NotFound)));
    end_source(&payments, &db, one.id).await.unwrap();
    catalog::remove(&payments, &db, &"component:default/till".parse().unwrap()).await.unwrap();
    end_source(&platform, &db, both.id).await.unwrap();
    assert_eq!(find_source(&payments, &db, both.id).await.unwrap().source.orphans, 2);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_repository_that_was_renamed_is_followed_in_one_step(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &component("ledger", &rig.team))]).await;
    let source = rig.imported(&repository).await;
    let before = rig.source(source, "the source is settled", |found| found.source.looked_at.is_some()).await.source;
    let id = rig.entity(LEDGER).await.unwrap().id;
    rig.at_host(Method::PATCH, &repository.name.to_string(), json!({ "name": "books" })).await;
    let moved = rig.missed(source).await.source;
    let now = format!("{}/books", rig.team);
    assert_eq!((moved.moved_to.as_deref(), moved.is_mine), (Some(now.as_str()), true));
    rig.a_day_later(source).await;
    rig.source(source, "it is looked at", |found| found.source.looked_at > moved.looked_at).await;
    assert_eq!(
        find_source(&rig.member, &rig.db, source).await.unwrap().source.ended_at,
        None,
        "it is known where it is"
    );

    let neighbour = testing::member(&rig.db, "neighbour", "search").await.unwrap();
    assert!(matches!(accept_move(&neighbour, &rig.db, source).await, Err(Error::NotFound)));
    assert_eq!(accept_move(&rig.member, &rig.db, source).await.unwrap(), source);
    let read = rig.source(source, "it is read there", |found| found.source.read_at > before.read_at).await.source;
    assert_eq!((read.repository.as_deref(), read.trouble, read.moved_to), (Some(now.as_str()), None, None));
    let entity = rig.entity(LEDGER).await.unwrap();
    assert_eq!((entity.id, entity.origin.orphaned_at, &entity.origin.name), (id, None, &read.origin));
    assert!(read.origin.contains("/books/"), "{}", read.origin);
    let told = catalog::timeline(&rig.member, &rig.db, &LEDGER.parse().unwrap()).await.unwrap();
    assert!(told.iter().all(|happening| !matches!(happening.what, catalog::What::Orphaned)), "{told:?}");
    assert!(matches!(accept_move(&rig.member, &rig.db, source).await, Err(Error::NotFound)), "it moved once");
}
