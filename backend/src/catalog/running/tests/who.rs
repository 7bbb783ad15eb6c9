//! Who sees what runs.

use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nobody_reaches_into_a_namespace_that_the_platform_keeps(pool: PgPool) {
    let world = World::new(pool).await;
    let namespace = world.kept("payments", "checkout", "prod").await;
    world.deployment(&namespace, "web", json!({ "app": "web", ID: "thief" })).await;
    let checkout = world.entity("component:default/checkout", "payments", json!({})).await;
    let thieves = [
        world.entity("component:default/thief", "search", json!({})).await,
        world.entity("component:default/picker", "search", json!({ SELECTOR: "app=web" })).await,
        world
            .entity(
                "component:default/narrow",
                "search",
                json!({ ID: "thief", "backstage.io/kubernetes-namespace": namespace }),
            )
            .await,
    ];
    let there = format!("{namespace}/web");
    assert_eq!(world.runs(&member("payments"), &checkout).await, [there.as_str()]);
    assert_eq!(world.runs(&platform(), &checkout).await, [there.as_str()]);
    for viewer in [member("search"), outsider(), testing::viewer(&[], &[Role::Leadership])] {
        assert_eq!(world.runs(&viewer, &checkout).await, [""; 0], "{viewer:?}");
    }
    for thief in &thieves {
        for viewer in [member("search"), member("payments"), platform()] {
            assert_eq!(world.runs(&viewer, thief).await, [""; 0], "{thief} {viewer:?}");
        }
        let all = environments(&platform(), &world.db, &EnvironmentFilter::default()).await.unwrap().items;
        assert!(all.iter().all(|found| found.service == checkout), "{all:?}");
    }
    assert_eq!(world.offered(&platform()).await, [""; 0]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whose_namespace_it_is_hangs_on_its_identity_and_not_on_its_name(pool: PgPool) {
    let world = World::new(pool).await;
    let namespace = world.kept("payments", "checkout", "prod").await;
    world.deployment(&namespace, "web", json!({ "app": "web" })).await;
    let checkout = world.entity("component:default/checkout", "payments", json!({})).await;
    let picker = world.entity("component:default/picker", "search", json!({ SELECTOR: "app=web" })).await;
    let set = |uid: Option<&'static str>| {
        let query = sqlx::query("update tenant_namespace set uid = $1").bind(uid);
        query.execute(&world.db.pool)
    };
    set(None).await.unwrap();
    assert_eq!(world.runs(&member("payments"), &checkout).await, [""; 0], "it is not certain yet that it is theirs");
    assert_eq!(world.runs(&member("search"), &picker).await, [""; 0], "nor that it is not");
    set(Some("another")).await.unwrap();
    assert_eq!(world.runs(&member("payments"), &checkout).await, [""; 0], "somebody else made one of the same name");
    assert_eq!(world.runs(&member("search"), &picker).await, [format!("{namespace}/web")]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn elsewhere_it_is_seen_by_who_sees_the_entity(pool: PgPool) {
    let world = World::new(pool).await;
    world.namespace("shop", json!({ "env": "prod" })).await;
    world.deployment("shop", "by-id", json!({ ID: "web" })).await;
    world.deployment("shop", "by-name", json!({ ID: "Cart" })).await;
    world.deployment("shop", "by-selector", json!({ "app": "mail", "tier": "x" })).await;
    world.deployment("other", "by-selector", json!({ "app": "mail" })).await;
    let of = |name: &str, annotations: Value| world.entity_of(name.to_owned(), annotations);
    let by_id = of("anything", json!({ ID: "web", "waymark.dev/visible-to": "payments" })).await;
    let by_selector =
        of("mail", json!({ ID: "web", SELECTOR: "app in (mail),tier", "backstage.io/kubernetes-cluster": "local" }))
            .await;
    assert_eq!(world.runs(&member("payments"), &by_id).await, ["shop/by-id"]);
    assert_eq!(world.runs(&member("search"), &by_id).await, [""; 0]);
    assert_eq!(world.runs(&platform(), &by_id).await, ["shop/by-id"]);
    assert_eq!(world.runs(&member("search"), &by_selector).await, ["shop/by-selector"]);
    assert_eq!(world.runs(&outsider(), &by_selector).await, [""; 0]);
    let seen = |viewer: Viewer| {
        let db = world.db.clone();
        async move {
            let all = environments(&viewer, &db, &EnvironmentFilter::default()).await.unwrap().items;
            all.into_iter().map(|found| found.service.name().to_owned()).collect::<Vec<_>>()
        }
    };
    assert_eq!(seen(member("payments")).await, ["anything", "mail"]);
    assert_eq!(seen(member("search")).await, ["mail"]);
    assert_eq!(seen(outsider()).await, [""; 0]);
}

impl World {
    async fn entity_of(&self, name: String, annotations: Value) -> EntityRef {
        self.entity(&format!("component:default/{name}"), "payments", annotations).await
    }
}
