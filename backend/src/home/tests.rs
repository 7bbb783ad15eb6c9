use domain::access::Viewer;
use sqlx::PgPool;
use uuid::Uuid;

use super::*;
use crate::{
    Db,
    testing::{signed_in, team},
};

struct World {
    db: Db,
    developer: Viewer,
    lead: Viewer,
    platform: Viewer,
    neighbour: Viewer,
}

/// `payments-checkout-dev` and `-prod` with a delivery each.
async fn world(pool: PgPool) -> World {
    let db = Db::of_pool(pool);
    for name in ["payments", "search", "platform"] {
        team(&db, name).await.unwrap();
    }
    let script = "
        insert into cluster (name) values ('local');
        insert into tenant_namespace (cluster_id, name, team, service, environment, size, editors, viewers)
            select cluster_id, 'payments-checkout-' || e, 'payments', 'checkout', e, 'small', '{}', '{}'
            from cluster, unnest(array['dev', 'prod']) as e;
        insert into delivery_source (cluster_id, repository, branch) select cluster_id, 'payments/checkout', 'main' from cluster;
        insert into delivery (source_id, namespace_id, folder)
            select source_id, namespace_id, environment from delivery_source, tenant_namespace;";
    sqlx::raw_sql(script).execute(&db.pool).await.unwrap();
    World {
        developer: signed_in(&db, "developer", &["payments"]).await.unwrap(),
        lead: signed_in(&db, "lead", &["payments", "payments-leads"]).await.unwrap(),
        platform: signed_in(&db, "platform", &["platform"]).await.unwrap(),
        neighbour: signed_in(&db, "neighbour", &["search", "search-leads"]).await.unwrap(),
        db,
    }
}

impl World {
    async fn change(&self, by: &Viewer, state: &str) -> Uuid {
        sqlx::query_scalar(
            "insert into delivery_change (delivery_id, kind, to_commit, person_id, state, files, parent_commit, subject)
             select delivery_id, 'roll_back', 'c1', $1, $2, '[]', 'c0', 'Roll checkout back to 1.4.0 in prod'
             from delivery where folder = 'prod' returning change_id",
        )
        .bind(by.person.0)
        .bind(state)
        .fetch_one(&self.db.pool)
        .await
        .unwrap()
    }

    async fn request(&self, by: &Viewer, state: &str) -> Uuid {
        sqlx::query_scalar(
            r#"insert into quota_request (namespace_id, person_id, team, resources, until, reason, state, policy)
               select namespace_id, $1, team, '{"nvidia.com/gpu": 3}', now() + interval '9 days', 'x', $2, '[]'
               from tenant_namespace where environment = 'dev' returning request_id"#,
        )
        .bind(by.person.0)
        .bind(state)
        .fetch_one(&self.db.pool)
        .await
        .unwrap()
    }

    /// What waits, and that the menu counts the same.
    async fn of(&self, viewer: &Viewer) -> Vec<(WaitingKind, Uuid)> {
        let waiting = waiting(viewer, &self.db).await.unwrap();
        assert_eq!(waiting_count(viewer, &self.db).await.unwrap(), waiting.len() as u64);
        waiting.into_iter().map(|item| (item.kind, item.id)).collect()
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_change_to_production_waits_for_leads_who_did_not_ask(pool: PgPool) {
    let world = world(pool).await;
    let theirs = world.change(&world.developer, "awaiting_approval").await;
    world.change(&world.lead, "awaiting_approval").await;
    world.change(&world.developer, "synced").await;
    assert_eq!(world.of(&world.lead).await, [(WaitingKind::Approval, theirs)]);
    for other in [&world.developer, &world.platform, &world.neighbour] {
        assert!(world.of(other).await.is_empty(), "{}", other.login);
    }
    let shown = waiting(&world.lead, &world.db).await.unwrap().remove(0);
    assert_eq!(
        (shown.what.as_str(), shown.requested_by.as_str()),
        ("Roll checkout back to 1.4.0 in prod", "developer")
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_request_for_accelerators_waits_for_the_platform_team_and_never_for_who_asked(pool: PgPool) {
    let world = world(pool).await;
    let open = world.request(&world.developer, "pending").await;
    world.request(&world.platform, "pending").await;
    world.request(&world.developer, "denied").await;
    assert_eq!(world.of(&world.platform).await, [(WaitingKind::QuotaRequest, open)]);
    for other in [&world.developer, &world.lead, &world.neighbour] {
        assert!(world.of(other).await.is_empty(), "{}", other.login);
    }
    let shown = waiting(&world.platform, &world.db).await.unwrap().remove(0);
    assert_eq!((shown.what.as_str(), shown.environment.as_str()), ("3 × nvidia.com/gpu", "dev"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_somebody_asked_for_waits_for_their_word(pool: PgPool) {
    let world = world(pool).await;
    let own = world.change(&world.developer, "ready").await;
    assert_eq!(world.of(&world.developer).await, [(WaitingKind::Confirmation, own)]);
    assert!(world.of(&world.lead).await.is_empty());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn recent_changes_are_those_of_ones_own_services(pool: PgPool) {
    let world = world(pool).await;
    let change = world.change(&world.developer, "synced").await;
    let script = "
        insert into delivery_commit (source_id, ordinal, commit_id, author, subject, committed_at)
            select source_id, n, 'c' || n, 'ada', 'Commit ' || n, now() from delivery_source, generate_series(1, 2) as n;
        insert into delivery_release (delivery_id, commit_id, content, images, synced_at)
            select delivery_id, 'c1', decode(repeat('00', 32), 'hex'), '{}', now() - interval '2 hours' from delivery;
        update delivery_release set synced_at = now() - interval '31 days' from delivery
            where delivery.delivery_id = delivery_release.delivery_id and folder = 'dev';
        update delivery_change set commit_id = 'c1', kind = 'roll_back';
        insert into drift_event (namespace_id, object, field, class, severity, manager, healed_at)
            select namespace_id, 'ResourceQuota/waymark-compute', f, 'value', 'warn', 'kubectl-edit', now() - interval '1 hour'
            from tenant_namespace, unnest(array['a', 'b']) as f where environment = 'dev';";
    sqlx::raw_sql(script).execute(&world.db.pool).await.unwrap();
    let seen = recent(&world.developer, &world.db, 10).await.unwrap();
    let told: Vec<_> = seen.iter().map(|r| (r.kind, r.environment.as_str(), r.what.as_str(), r.change)).collect();
    assert_eq!(
        told,
        [
            (RecentKind::PutBack, "dev", "ResourceQuota/waymark-compute", None),
            (RecentKind::RollBack, "prod", "Commit 1", Some(change)),
        ],
        "two fields of one object are one change, and what is older than thirty days is none"
    );
    assert_eq!((seen[0].by.as_deref(), seen[1].by.as_deref()), (Some("kubectl-edit"), Some("developer")));
    for other in [&world.neighbour, &world.platform] {
        assert!(recent(other, &world.db, 10).await.unwrap().is_empty(), "{}", other.login);
    }
}
