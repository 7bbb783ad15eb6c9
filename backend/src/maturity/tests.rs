use domain::{
    access::Role,
    catalog::EntityRef,
    maturity::{Dimension, Outcome},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::{Duration, OffsetDateTime, macros::datetime};

use super::{
    ScoreFilter, explain, gaps, levels,
    observation::{Observation, keep},
    overview, rule, scores, service, team,
};
use crate::{
    Db, Error,
    catalog::{self, CatalogFilter, Facet, NOT_KNOWN, Sort},
    testing::viewer,
};

const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

async fn entity(db: &Db, reference: &str, document: Value) {
    let reference: EntityRef = reference.parse().unwrap();
    let mut tx = db.pool.begin().await.unwrap();
    catalog::register(&mut tx, &reference, &document, "test").await.unwrap();
    tx.commit().await.unwrap();
}

/// Two teams in a unit, a service each, and one that nobody owns.
async fn organisation(pool: PgPool) -> Db {
    let db = Db::of_pool(pool);
    let group = |parent: &str| json!({"spec": {"type": "team", "parent": parent}});
    entity(&db, "group:default/commerce", json!({"spec": {"type": "unit"}})).await;
    entity(&db, "group:default/payments", group("commerce")).await;
    entity(&db, "group:default/search", group("commerce")).await;
    for (name, owner) in [("ledger", json!("payments")), ("index", json!("search")), ("lost", Value::Null)] {
        let document =
            json!({"spec": {"type": "service", "lifecycle": "production", "owner": owner, "system": "orders"}});
        entity(&db, &format!("component:default/{name}"), document).await;
    }
    db
}

async fn fact(db: &Db, subject: &str, name: &'static str, value: Value, age: Duration) {
    let observed_at = Some(NOW - age);
    let observation = Observation { observed_at, ..Observation::now(subject, name, value, Some("here".into())) };
    keep(db, "test", &[observation]).await.unwrap();
}

async fn pods(db: &Db, service: &str, controller: Value, age: Duration) {
    let subject = format!("component:default/{service}");
    fact(db, &subject, "catalog.entity", json!({"type": "service"}), age).await;
    fact(db, &subject, "k8s.pods", json!([{"name": "p", "controller": controller}]), age).await;
}

fn titles(levels: &[super::SubjectLevels]) -> Vec<&str> {
    levels.iter().map(|levels| levels.title.as_str()).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn members_see_their_own_teams_and_leadership_sees_all(pool: PgPool) {
    let db = organisation(pool).await;
    let own = overview(&viewer(&["payments"], &[]), &db, NOW).await.unwrap();
    assert_eq!((titles(&own.teams), titles(&own.units), own.is_whole), (vec!["payments"], vec![], false));
    for role in [Role::Leadership, Role::Platform, Role::Operator] {
        let all = overview(&viewer(&[], &[role]), &db, NOW).await.unwrap();
        assert_eq!(titles(&all.teams), ["payments", "search", "Owned by nobody"]);
        assert_eq!((titles(&all.units), all.is_whole), (vec!["commerce"], true));
    }
    let nothing = overview(&viewer(&[], &[]), &db, NOW).await.unwrap();
    assert!(nothing.teams.is_empty() && nothing.units.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_hidden_looks_like_what_is_missing(pool: PgPool) {
    let db = organisation(pool).await;
    let (own, outsider) = (viewer(&["payments"], &[]), viewer(&[], &[]));
    assert!(team(&own, &db, "payments", NOW).await.is_ok());
    assert!(service(&own, &db, "component:default/ledger", NOW).await.is_ok());
    assert!(matches!(team(&own, &db, "search", NOW).await, Err(Error::NotFound)));
    assert!(matches!(team(&own, &db, "nobody", NOW).await, Err(Error::NotFound)));
    assert!(matches!(team(&own, &db, "component:default/ledger", NOW).await, Err(Error::NotFound)));
    assert!(matches!(service(&own, &db, "component:default/index", NOW).await, Err(Error::NotFound)));
    assert!(matches!(service(&own, &db, "component:default/lost", NOW).await, Err(Error::NotFound)));
    assert!(matches!(rule(&outsider, &db, "TEC-1.1", NOW).await, Err(Error::NotFound)));
    assert!(matches!(rule(&own, &db, "TEC-9.9", NOW).await, Err(Error::NotFound)));
    let seen = rule(&own, &db, "TEC-1.1", NOW).await.unwrap().subjects;
    assert_eq!(seen.iter().map(|(title, _)| title.as_str()).collect::<Vec<_>>(), ["ledger"]);
    let of = |subject: &str| ScoreFilter { subject: Some(subject.into()), ..ScoreFilter::default() };
    assert!(scores(&own, &db, &of("group:default/search"), NOW).await.unwrap().items.is_empty());
    assert!(matches!(explain(&own, &db, &of("group:default/search"), NOW).await, Err(Error::NotFound)));
    assert!(matches!(explain(&own, &db, &of("unowned"), NOW).await, Err(Error::NotFound)));
    assert_eq!(explain(&own, &db, &of("component:default/ledger"), NOW).await.unwrap().1.len(), 10);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn levels_follow_from_facts_and_the_unknown_stays_unknown(pool: PgPool) {
    let db = organisation(pool).await;
    let own = viewer(&["payments"], &[]);
    let outcome = async || {
        let page = service(&own, &db, "ledger", NOW).await.unwrap();
        page.rules.into_iter().find(|(rule, _)| rule.id == "TEC-1.1").unwrap().1
    };
    let before = outcome().await;
    assert_eq!(
        (before.result.outcome, before.result.reason.map(|r| r.word())),
        (Outcome::Unknown, Some("never_collected"))
    );
    pods(&db, "ledger", json!("ReplicaSet"), Duration::minutes(30)).await;
    let known = outcome().await;
    assert_eq!(known.result.outcome, Outcome::Pass);
    let evidence = &known.expect.unwrap().evidence[0];
    assert_eq!((evidence.fact.as_str(), evidence.source_ref.as_deref()), ("k8s.pods", Some("here")));
    pods(&db, "ledger", Value::Null, Duration::minutes(10)).await;
    assert_eq!(outcome().await.result.outcome, Outcome::Fail);
    let page = service(&own, &db, "ledger", NOW).await.unwrap();
    let technology = page.levels.scores.iter().find(|score| score.dimension == Dimension::Technology).unwrap();
    assert_eq!(
        (technology.level, technology.blocked_by.as_slice()),
        (Some(0), &["TEC-1.1".into(), "TEC-1.2".into(), "TEC-1.3".into()][..])
    );
    assert_eq!((page.basis.rules_in_force, page.basis.criteria), (12, 90));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_past_is_what_was_observed_by_then(pool: PgPool) {
    let db = organisation(pool).await;
    pods(&db, "ledger", json!("Job"), Duration::hours(50)).await;
    pods(&db, "ledger", Value::Null, Duration::hours(2)).await;
    let leadership = viewer(&[], &[Role::Leadership]);
    let at = async |as_of: OffsetDateTime| {
        let filter = ScoreFilter {
            subject: Some("component:default/ledger".into()),
            as_of: Some(as_of),
            ..ScoreFilter::default()
        };
        let (_, rules) = explain(&leadership, &db, &filter, NOW).await.unwrap();
        rules.into_iter().find(|rule| rule.result.rule == "TEC-1.1").unwrap().result.outcome
    };
    assert_eq!(at(NOW - Duration::hours(49)).await, Outcome::Pass);
    assert_eq!(at(NOW - Duration::minutes(90)).await, Outcome::Fail);
    assert_eq!(at(NOW).await, Outcome::Unknown);
    let future = ScoreFilter { as_of: Some(NOW + Duration::seconds(1)), ..ScoreFilter::default() };
    assert!(matches!(scores(&leadership, &db, &future, NOW).await, Err(Error::Invalid(_))));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_collector_that_is_down_holds_its_facts(pool: PgPool) {
    let db = organisation(pool).await;
    let now = sqlx::query_scalar::<_, OffsetDateTime>("select now()").fetch_one(&db.pool).await.unwrap();
    let old = now - NOW - Duration::hours(5);
    pods(&db, "ledger", json!("Job"), -old).await;
    fact(&db, "component:default/ledger", "catalog.entity", json!({"type": "service"}), NOW - now).await;
    let own = viewer(&["payments"], &[]);
    let row = async || {
        let page = service(&own, &db, "ledger", now).await.unwrap();
        page.rules.into_iter().find(|(rule, _)| rule.id == "TEC-1.1").unwrap().1.result
    };
    assert_eq!(row().await.reason.map(|reason| reason.word()), Some("stale"));
    sqlx::query(
        "insert into fact_collector (name, succeeded_at, failed_at) values ('test', now() - interval '1 h', now())",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    let held = row().await;
    assert_eq!((held.outcome, held.held), (Outcome::Pass, true));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn facts_are_kept_when_they_are_new_and_never_rewritten(pool: PgPool) {
    let db = Db::of_pool(pool);
    let observed = |value: u32, minutes: i64| Observation {
        observed_at: Some(NOW + Duration::minutes(minutes)),
        ..Observation::now("component:default/a", "k8s.pods", json!(value), None)
    };
    assert_eq!(keep(&db, "c", &[observed(1, 0)]).await.unwrap(), 1);
    assert_eq!(keep(&db, "c", &[observed(1, 5)]).await.unwrap(), 0);
    assert_eq!(keep(&db, "c", &[observed(2, 6)]).await.unwrap(), 1);
    assert_eq!(keep(&db, "c", &[observed(2, 26)]).await.unwrap(), 1);
    assert_eq!(keep(&db, "c", &[]).await.unwrap(), 0);
    for statement in ["update fact set value = '0'", "delete from fact", "truncate fact"] {
        let error = sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&db.pool).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{statement}: {error}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn gaps_are_those_of_ones_own_services_the_smallest_effort_first(pool: PgPool) {
    let db = organisation(pool).await;
    for service in ["ledger", "index"] {
        pods(&db, service, Value::Null, Duration::minutes(1)).await;
    }
    let own = gaps(&viewer(&["payments"], &[]), &db, NOW, 50).await.unwrap();
    assert_eq!(own.services, 1);
    assert!(own.gaps.iter().all(|gap| gap.services == [("component:default/ledger".into(), "ledger".into())]));
    let missed = own.gaps.iter().find(|gap| gap.rule.id == "TEC-1.1").unwrap();
    assert_eq!(missed.outcome, Outcome::Fail);
    let efforts: Vec<&str> = own.gaps.iter().filter_map(|gap| gap.rule.fix.effort.as_deref()).collect();
    let mut sorted = efforts.clone();
    sorted.sort_by_key(|effort| ["S", "M", "L"].iter().position(|known| known == effort));
    assert_eq!(efforts, sorted);
    // Who sees all teams finds their own here as well, and nothing without a team.
    let platform = gaps(&viewer(&["payments"], &[Role::Platform]), &db, NOW, 1).await.unwrap();
    assert_eq!((platform.services, platform.gaps.len()), (1, 1));
    let leadership = gaps(&viewer(&[], &[Role::Leadership]), &db, NOW, 50).await.unwrap();
    assert!(leadership.services == 0 && leadership.gaps.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_catalog_is_narrowed_to_levels_as_far_as_they_are_the_viewers_to_see(pool: PgPool) {
    let db = organisation(pool).await;
    let (own, all) = (viewer(&["payments"], &[]), viewer(&[], &[Role::Leadership]));
    let found = async |viewer: &domain::access::Viewer, level: &str| {
        let filter = CatalogFilter { level: Some(level.into()), ..CatalogFilter::default() };
        let page = catalog::list(viewer, &db, &filter, Sort::default(), None, 100).await.unwrap();
        let total = catalog::facets(viewer, &db, &filter).await.unwrap().total;
        assert_eq!(total, i64::try_from(page.items.len()).unwrap(), "the list and its count");
        page.items.iter().map(|entity| entity.reference.name().to_owned()).collect::<Vec<_>>()
    };
    let counts = async |viewer: &domain::access::Viewer| {
        let facets = catalog::facets(viewer, &db, &CatalogFilter::default()).await.unwrap();
        facets.of(Facet::Level).map(|found| (found.value.clone().unwrap(), found.count)).collect::<Vec<_>>()
    };
    assert_eq!(found(&all, NOT_KNOWN).await, ["index", "ledger", "lost"], "nothing was worked out yet");
    levels::work_out(&db, NOW).await.unwrap();
    sqlx::query("update maturity_level set level = case when subject <> 'component:default/lost' then 2 end")
        .execute(&db.pool)
        .await
        .unwrap();
    assert_eq!(
        (found(&all, "2").await, found(&all, NOT_KNOWN).await),
        (vec!["index".into(), "ledger".into()], vec!["lost".into()])
    );
    assert_eq!((found(&own, "2").await, found(&own, NOT_KNOWN).await), (vec!["ledger".into()], vec![]));
    assert_eq!(counts(&all).await, [("2".to_owned(), 2), (NOT_KNOWN.to_owned(), 1)]);
    assert_eq!(counts(&own).await, [("2".to_owned(), 1)]);
    assert!(counts(&viewer(&[], &[])).await.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_levels_that_are_kept_are_those_of_the_pages_and_only_what_changed_is_written(pool: PgPool) {
    let db = organisation(pool).await;
    let changes = async || {
        sqlx::query_scalar::<_, i64>("select sum(changes)::bigint from catalog_revision")
            .fetch_one(&db.pool)
            .await
            .unwrap()
    };
    let kept = async |name: &str| {
        let query = "select level from maturity_level where subject = 'component:default/' || $1";
        sqlx::query_scalar::<_, Option<i16>>(query).bind(name).fetch_optional(&db.pool).await.unwrap()
    };
    pods(&db, "ledger", json!("ReplicaSet"), Duration::minutes(30)).await;
    levels::work_out(&db, NOW).await.unwrap();
    let page = service(&viewer(&["payments"], &[]), &db, "ledger", NOW).await.unwrap();
    let level = page.levels.headline.and_then(|headline| headline.level).map(i16::from);
    assert_eq!(kept("ledger").await, Some(level));
    let before = changes().await;
    levels::work_out(&db, NOW).await.unwrap();
    assert_eq!(changes().await, before, "nothing is another level");
    sqlx::query("delete from entity where name = 'lost'").execute(&db.pool).await.unwrap();
    levels::work_out(&db, NOW).await.unwrap();
    assert_eq!(kept("lost").await, None);
}
