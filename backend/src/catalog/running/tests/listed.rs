//! Environments as a list.

use super::*;

/// Service, environment and namespace of what a filter leaves.
async fn told(world: &World, viewer: &Viewer, filter: EnvironmentFilter) -> Vec<String> {
    let page = environments(viewer, &world.db, &filter).await.unwrap();
    let one = |found: EnvironmentView| {
        format!("{} {} {}", found.service.name(), found.environment_name().unwrap_or("?"), found.namespace)
    };
    page.items.into_iter().map(one).collect()
}

async fn shop(pool: PgPool) -> World {
    let world = World::new(pool).await;
    for (namespace, labels) in [("shop", json!({ "env": "prod" })), ("lab", json!({}))] {
        world.namespace(namespace, labels).await;
        world.deployment(namespace, "web", json!({ ID: "web" })).await;
    }
    world.deployment("shop", "worker", json!({ ID: "web", "environment": "dev" })).await;
    world.entity("component:default/web", "payments", json!({})).await;
    let kept = world.kept("search", "index", "dev").await;
    world.entity("component:default/index", "search", json!({})).await;
    let mut half = row(&kept, "index", json!({}));
    half["ready"] = json!(1);
    world.store(DEPLOYMENT).keep(&[half]).await.unwrap();
    world
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn they_are_narrowed_counted_and_paged(pool: PgPool) {
    let world = shop(pool).await;
    let all = ["index dev search-index-dev", "web dev shop", "web prod shop", "web ? lab"];
    let none = EnvironmentFilter::default();
    assert_eq!(told(&world, &platform(), none.clone()).await, all);
    assert_eq!(
        told(&world, &member("payments"), none.clone()).await,
        all[1..],
        "a namespace of another team is not seen"
    );
    let with = |change: fn(&mut EnvironmentFilter)| {
        let mut filter = EnvironmentFilter::default();
        change(&mut filter);
        filter
    };
    for (filter, left) in [
        (with(|f| f.environment = Some("dev".into())), vec![all[0], all[1]]),
        (with(|f| f.environment = Some(NOT_KNOWN.into())), vec![all[3]]),
        (with(|f| f.cluster = Some("other".into())), vec![]),
        (with(|f| f.owner = Some("group:default/payments".into())), all[1..].to_vec()),
        (with(|f| f.owner = Some(catalog::MINE.into())), vec![]),
        (with(|f| f.state = Some(EnvironmentState::Stuck)), vec![all[0]]),
        (with(|f| f.state = Some(EnvironmentState::Runs)), all[1..].to_vec()),
        (with(|f| f.state = Some(EnvironmentState::Behind)), vec![]),
    ] {
        assert_eq!(told(&world, &platform(), filter.clone()).await, left, "{filter:?}");
    }
    let first =
        environments(&platform(), &world.db, &EnvironmentFilter { limit: Some(3), ..none.clone() }).await.unwrap();
    let counts: Vec<(Option<&str>, usize)> = first.counts.iter().map(|of| (of.name.as_deref(), of.count)).collect();
    assert_eq!((counts, first.total), (vec![(Some("dev"), 2), (Some("prod"), 1), (None, 1)], 4));
    assert_eq!(told(&world, &platform(), EnvironmentFilter { after: first.next, ..none.clone() }).await, all[3..]);
    let broken = environments(&platform(), &world.db, &EnvironmentFilter { after: Some("x".into()), ..none }).await;
    assert!(matches!(broken, Err(crate::Error::Invalid(_))));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_not_known_is_neither_stuck_nor_running(pool: PgPool) {
    let world = shop(pool).await;
    sqlx::query("update cluster set reachable = false").execute(&world.db.pool).await.unwrap();
    for (state, count) in [(EnvironmentState::Runs, 0), (EnvironmentState::Stuck, 0), (EnvironmentState::Unknown, 4)] {
        let filter = EnvironmentFilter { state: Some(state), ..EnvironmentFilter::default() };
        assert_eq!(told(&world, &platform(), filter).await.len(), count, "{state:?}");
    }
}
