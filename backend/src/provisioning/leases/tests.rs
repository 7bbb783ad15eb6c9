use domain::{access::Viewer, provisioning::LeaseFacts};
use sqlx::PgPool;
use uuid::Uuid;

use super::*;
use crate::{
    Db, Error,
    provisioning::{Declaration, set_budget},
    testing::member,
};

const GPU: &str = "nvidia.com/gpu";

struct World {
    db: Db,
    developer: Viewer,
    platform: Viewer,
    neighbour: Viewer,
}

/// A namespace of payments on a cluster with four cards, of which payments may have three.
async fn world(pool: PgPool) -> World {
    let db = Db::of_pool(pool);
    let developer = member(&db, "developer", "payments").await.unwrap();
    let platform = member(&db, "platform", "platform").await.unwrap();
    let neighbour = member(&db, "neighbour", "search").await.unwrap();
    sqlx::query("insert into cluster (name) values ('local')").execute(&db.pool).await.unwrap();
    sqlx::query("insert into cluster_accelerator select cluster_id, $1, 4 from cluster")
        .bind(GPU)
        .execute(&db.pool)
        .await
        .unwrap();
    set_budget(&db, &crate::audit::Actor::System("test"), "payments", "local", GPU, 3).await.unwrap();
    for service in ["model", "other"] {
        let wanted = Declaration {
            cluster: "local".into(),
            team: "payments".into(),
            service: service.into(),
            environment: "dev".into(),
            size: domain::provisioning::Size::Small,
            editors: vec![],
            viewers: vec![],
        };
        let mut tx = db.pool.begin().await.unwrap();
        crate::provisioning::declare_in(&mut tx, &wanted).await.unwrap();
        tx.commit().await.unwrap();
    }
    World { db, developer, platform, neighbour }
}

impl World {
    async fn ask(&self, service: &str, count: u32, days: i64) -> crate::Result<Uuid> {
        let wanted = LeaseRequest {
            cluster: "local".into(),
            namespace: format!("payments-{service}-dev"),
            resources: [(GPU.to_owned(), count)].into(),
            until: self.now().await + time::Duration::days(days) + time::Duration::hours(1),
            reason: "A demonstration".into(),
        };
        request(&self.developer, &self.db, &wanted).await
    }

    async fn now(&self) -> time::OffsetDateTime {
        sqlx::query_scalar("select now()").fetch_one(&self.db.pool).await.unwrap()
    }

    async fn state(&self, id: Uuid) -> String {
        find(&self.developer, &self.db, id).await.unwrap().state
    }

    async fn held(&self, service: &str) -> i64 {
        sqlx::query_scalar(
            "select coalesce(sum(count), 0)::bigint from namespace_accelerator join tenant_namespace using (namespace_id)
             where service = $1",
        )
        .bind(service)
        .fetch_one(&self.db.pool)
        .await
        .unwrap()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_policy_grants_what_is_small_short_budgeted_and_free(pool: PgPool) {
    let world = world(pool).await;
    let first = world.ask("model", 2, 30).await.unwrap();
    assert_eq!((world.state(first).await.as_str(), world.held("model").await), ("granted", 2));
    // A third card in the same namespace is more than two.
    let second = world.ask("model", 1, 30).await.unwrap();
    assert_eq!((world.state(second).await.as_str(), world.held("model").await), ("pending", 2));
    // One is left of the budget: two are not.
    let third = world.ask("other", 2, 30).await.unwrap();
    assert_eq!(world.state(third).await, "pending");
    let view = find(&world.developer, &world.db, third).await.unwrap();
    assert!(view.policy.iter().any(|verdict| verdict.why.contains("1 × nvidia.com/gpu is left of the team's budget")));
    let fourth = world.ask("other", 1, 30).await.unwrap();
    assert_eq!(world.state(fourth).await, "granted");
    let long = world.ask("other", 1, 31).await.unwrap();
    assert_eq!(world.state(long).await, "pending");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn requests_at_the_same_time_share_what_is_left(pool: PgPool) {
    let world = world(pool).await;
    let asked = futures::future::join_all((0..6).map(|n| world.ask(if n % 2 == 0 { "model" } else { "other" }, 1, 1)));
    for id in asked.await {
        id.unwrap();
    }
    assert_eq!(world.held("model").await + world.held("other").await, 3);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_decides_about_their_own_and_others_see_nothing(pool: PgPool) {
    let world = world(pool).await;
    let id = world.ask("model", 4, 30).await.unwrap();
    let approve = |viewer| decide(viewer, &world.db, id, &Decision::Approve);
    assert!(matches!(approve(&world.developer).await, Err(Error::Forbidden(_))));
    assert!(matches!(approve(&world.neighbour).await, Err(Error::NotFound)));
    assert!(matches!(find(&world.neighbour, &world.db, id).await, Err(Error::NotFound)));
    sqlx::query("update quota_request set person_id = $1")
        .bind(world.platform.person.0)
        .execute(&world.db.pool)
        .await
        .unwrap();
    assert!(matches!(approve(&world.platform).await, Err(Error::Forbidden(_))));
    // The database refuses it too, whatever the code says.
    let forced = sqlx::query("update quota_request set state = 'granted', decided_by = person_id");
    assert!(forced.execute(&world.db.pool).await.is_err());
    assert_eq!(world.held("model").await, 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_decision_is_made_once_and_a_refusal_has_a_reason(pool: PgPool) {
    let world = world(pool).await;
    let id = world.ask("model", 3, 30).await.unwrap();
    let silent = decide(&world.platform, &world.db, id, &Decision::Deny(" ".into())).await;
    assert!(matches!(silent, Err(Error::Invalid(_))));
    decide(&world.platform, &world.db, id, &Decision::Approve).await.unwrap();
    assert_eq!((world.state(id).await.as_str(), world.held("model").await), ("granted", 3));
    let again = decide(&world.platform, &world.db, id, &Decision::Deny("No".into())).await;
    assert!(matches!(again, Err(Error::Conflict { .. })));
    withdraw(&world.developer, &world.db, id).await.unwrap();
    assert_eq!((world.state(id).await.as_str(), world.held("model").await), ("withdrawn", 0));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lease_ends_and_what_others_hold_stays(pool: PgPool) {
    let world = world(pool).await;
    let ends = world.ask("model", 1, 1).await.unwrap();
    let stays = world.ask("model", 1, 20).await.unwrap();
    assert_eq!(world.held("model").await, 2);
    assert_eq!(end_due(&world.db).await.unwrap(), 0);
    sqlx::query("update quota_request set until = now() where request_id = $1")
        .bind(ends)
        .execute(&world.db.pool)
        .await
        .unwrap();
    assert_eq!(end_due(&world.db).await.unwrap(), 1);
    assert_eq!(world.held("model").await, 1);
    assert_eq!((world.state(ends).await.as_str(), world.state(stays).await.as_str()), ("expired", "granted"));
    let view = find(&world.developer, &world.db, ends).await.unwrap();
    assert!(view.lease.unwrap().until <= world.now().await);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_left_is_shown_to_those_who_may_ask_and_the_unknown_is_not_zero(pool: PgPool) {
    let world = world(pool).await;
    world.ask("model", 2, 30).await.unwrap();
    sqlx::query("insert into cluster_accelerator select cluster_id, 'nvidia.com/mig-1g.10gb', 16 from cluster")
        .execute(&world.db.pool)
        .await
        .unwrap();
    let of = |viewer| offers(viewer, &world.db, "local", "payments-other-dev");
    let found = of(&world.developer).await.unwrap();
    let facts: Vec<_> = found.resources.iter().map(|offer| (offer.resource.as_str(), offer.facts)).collect();
    let fact = |held, budget_left, free| LeaseFacts { held, budget_left, free };
    assert_eq!(facts, [(GPU, fact(0, Some(1), Some(2))), ("nvidia.com/mig-1g.10gb", fact(0, None, Some(16)))]);
    let held = offers(&world.platform, &world.db, "local", "payments-model-dev").await.unwrap();
    assert_eq!(held.resources[0].facts.held, 2);
    assert!(matches!(of(&world.neighbour).await, Err(Error::NotFound)));
}
