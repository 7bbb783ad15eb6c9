//! How far what is known can be trusted.

use super::*;

async fn sight(world: &World) -> Sight {
    super::super::sight::sights(&world.db.pool).await.unwrap()[0].is
}

async fn set(world: &World, statement: &'static str) {
    sqlx::query(statement).execute(&world.db.pool).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn before_everything_was_listed_nothing_is_known(pool: PgPool) {
    let world = World::new(pool).await;
    assert!(sight(&world).await.is_current());
    set(&world, "update cluster_watch set heard_at = now() - interval '10 minutes' where kind = 'CronJob'").await;
    assert!(matches!(sight(&world).await, Sight::Old { .. }), "one kind that nobody looks at is enough");
    world.store(RunningKind::Workload(WorkloadKind::CronJob)).heard().await.unwrap();
    assert!(sight(&world).await.is_current());
    set(&world, "update cluster set reachable = false").await;
    assert!(matches!(sight(&world).await, Sight::Away { .. }));
    set(&world, "update cluster_watch set heard_at = now() - interval '10 minutes'").await;
    for kind in RunningKind::ALL {
        world.store(kind).heard().await.unwrap();
    }
    set(&world, "update cluster set reachable = true").await;
    assert!(matches!(sight(&world).await, Sight::Old { .. }), "nothing is heard of a cluster that is away");
    set(&world, "delete from cluster_watch where kind = 'Namespace'").await;
    assert_eq!(sight(&world).await, Sight::Unseen);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_cannot_run_has_no_such_place_and_a_broken_selector_says_why(pool: PgPool) {
    let world = World::new(pool).await;
    let api = world.entity("api:default/orders", "payments", json!({})).await;
    assert_eq!(running_of(&platform(), &world.db, &api, &json!({})).await.unwrap(), None);
    let broken = world.entity("component:default/web", "payments", json!({ SELECTOR: "app like web" })).await;
    let document = json!({ "metadata": { "name": "web", "annotations": { SELECTOR: "app like web" } } });
    let found = running_of(&platform(), &world.db, &broken, &document).await.unwrap().unwrap();
    assert!(found.fault.unwrap().contains("app like web"));
}
