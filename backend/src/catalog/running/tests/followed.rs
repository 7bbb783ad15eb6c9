//! What becomes of events: whatever their order, rows end up as the cluster is.

use kube::{api::DynamicObject, runtime::watcher::Event};

use super::{super::follow::Followed, *};

fn object(name: &str, uid: &str, version: u64, ready: i32) -> DynamicObject {
    serde_json::from_value(json!({
        "metadata": {"name": name, "namespace": "shop", "uid": uid, "resourceVersion": version.to_string(), "labels": {"app": name}},
        "spec": {"replicas": 3, "template": {"spec": {"containers": [{"image": "web:1"}]}}},
        "status": {"observedGeneration": 1, "readyReplicas": ready},
    }))
    .unwrap()
}

async fn take(world: &World, followed: &mut Followed, events: Vec<Event<DynamicObject>>) {
    followed.take(&world.store(DEPLOYMENT), events.into_iter().map(Ok).collect()).await.unwrap();
}

/// Name, uid, version and ready of each row.
async fn rows(world: &World) -> Vec<(String, String, i64, i32)> {
    sqlx::query_as("select name, uid, version, ready from workload order by name")
        .fetch_all(&world.db.pool)
        .await
        .unwrap()
}

fn told(name: &str, uid: &str, version: i64, ready: i32) -> (String, String, i64, i32) {
    (name.to_owned(), uid.to_owned(), version, ready)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_lags_never_takes_the_place_of_what_is_newer(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut quick, mut slow) = (Followed::default(), Followed::default());
    take(&world, &mut quick, vec![Event::Apply(object("web", "1", 10, 1)), Event::Apply(object("web", "1", 12, 3))])
        .await;
    take(&world, &mut slow, vec![Event::Apply(object("web", "1", 10, 1))]).await;
    assert_eq!(rows(&world).await, [told("web", "1", 12, 3)]);
    take(&world, &mut slow, vec![Event::Apply(object("web", "1", 12, 3))]).await;
    take(&world, &mut quick, vec![Event::Delete(object("web", "1", 13, 3)), Event::Apply(object("web", "2", 14, 0))])
        .await;
    take(&world, &mut slow, vec![Event::Delete(object("web", "1", 13, 3))]).await;
    assert_eq!(rows(&world).await, [told("web", "2", 14, 0)], "another of the same name stays");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_written_while_what_is_kept_stays_the_same(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut one, mut other) = (Followed::default(), Followed::default());
    take(&world, &mut one, vec![Event::Apply(object("web", "1", 10, 1))]).await;
    take(&world, &mut one, vec![Event::Apply(object("web", "1", 11, 1))]).await;
    assert_eq!(rows(&world).await, [told("web", "1", 10, 1)]);
    take(&world, &mut other, vec![Event::Apply(object("web", "1", 12, 1))]).await;
    assert_eq!(rows(&world).await, [told("web", "1", 10, 1)], "by another worker neither");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_list_drops_what_went_meanwhile_and_leaves_what_came(pool: PgPool) {
    let world = World::new(pool).await;
    let (mut one, mut other) = (Followed::default(), Followed::default());
    let first = [
        Event::Init,
        Event::InitApply(object("a", "1", 1, 1)),
        Event::InitApply(object("b", "2", 2, 1)),
        Event::InitDone,
    ];
    take(&world, &mut one, first.into()).await;
    assert_eq!(rows(&world).await.len(), 2);
    take(&world, &mut one, vec![Event::Init]).await;
    take(&world, &mut other, vec![Event::Apply(object("new", "3", 9, 1))]).await;
    take(&world, &mut one, vec![Event::InitApply(object("b", "2", 2, 1))]).await;
    assert_eq!(rows(&world).await.len(), 3, "before its end a list says nothing");
    take(&world, &mut one, vec![Event::InitDone]).await;
    assert_eq!(rows(&world).await, [told("b", "2", 2, 1), told("new", "3", 9, 1)]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_cluster_that_was_made_anew_counts_from_one(pool: PgPool) {
    let world = World::new(pool).await;
    let list = |uid, version| vec![Event::Init, Event::InitApply(object("web", uid, version, 1)), Event::InitDone];
    take(&world, &mut Followed::default(), list("1", 500)).await;
    take(&world, &mut Followed::default(), list("2", 3)).await;
    assert_eq!(rows(&world).await, [told("web", "2", 3, 1)]);
}
