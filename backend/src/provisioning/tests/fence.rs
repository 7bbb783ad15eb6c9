use std::{collections::HashSet, time::Duration};

use futures::future::join_all;
use sqlx::PgPool;
use uuid::Uuid;

use super::super::{capability, declare, pass::Pass, queue::Namespaces, record};
use super::support::{Rig, declaration, developer, known};
use crate::{
    Db,
    keyed_queue::{Claim, InCluster, Keys, Next, Stop},
    testing::rig::{CLUSTER, platform},
};

async fn with_namespaces(pool: PgPool, count: usize) -> (Db, Uuid) {
    let db = Db::of_pool(pool);
    let cluster_id = capability::register(&db, CLUSTER).await.unwrap();
    for _ in 0..count {
        declare(&developer(), &db, &known(&db, declaration()).await).await.unwrap();
    }
    (db, cluster_id)
}

async fn one(db: &Db, cluster_id: Uuid) -> Option<Claim> {
    Namespaces { cluster_id }.claim(db, "test", 1).await.unwrap().pop()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_two_workers_hold_one_namespace(pool: PgPool) {
    let (db, cluster_id) = with_namespaces(pool, 30).await;
    let workers = (0..8).map(|n| {
        let db = db.clone();
        async move {
            let mut mine = Vec::new();
            loop {
                let claims = Namespaces { cluster_id }.claim(&db, &format!("w{n}"), 3).await.unwrap();
                if claims.is_empty() {
                    return mine;
                }
                mine.extend(claims.into_iter().map(|c| c.key));
            }
        }
    });
    let claimed: Vec<Uuid> = join_all(workers).await.into_iter().flatten().collect();
    assert_eq!((claimed.len(), claimed.iter().collect::<HashSet<_>>().len()), (30, 30));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_worker_takes_nothing_of_another_cluster(pool: PgPool) {
    let (db, cluster_id) = with_namespaces(pool, 1).await;
    let elsewhere = capability::register(&db, "elsewhere").await.unwrap();
    assert!(one(&db, elsewhere).await.is_none());
    assert_eq!(Namespaces { cluster_id: elsewhere }.next_due(&db).await.unwrap(), None);
    assert!(one(&db, cluster_id).await.is_some());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_slept_through_the_lease_can_write_nothing(pool: PgPool) {
    let (db, cluster_id) = with_namespaces(pool.clone(), 1).await;
    let slept = one(&db, cluster_id).await.unwrap();
    assert!(Namespaces::is_held(&db, &slept).await.unwrap());
    sqlx::query("update tenant_namespace set lease_until = now() - interval '1 second'").execute(&pool).await.unwrap();
    assert!(!Namespaces::is_held(&db, &slept).await.unwrap(), "the lease has ended");
    assert!(!Namespaces::renew(&db, &slept).await.unwrap(), "an ended lease does not come back");
    let now_holds = one(&db, cluster_id).await.unwrap();
    assert_eq!(now_holds.epoch, slept.epoch + 1);
    assert!(!record::uid(&db, &slept, "stale").await.unwrap());
    assert!(!record::conditions(&db, &slept, &[]).await.unwrap());
    Namespaces::finish(&db, &slept, Next { after: Duration::ZERO, failures: 0 }).await.unwrap();
    assert!(Namespaces::is_held(&db, &now_holds).await.unwrap(), "the late one gave back what is not theirs");
    assert!(record::uid(&db, &now_holds, "fresh").await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_change_during_a_pass_is_not_lost(pool: PgPool) {
    let (db, cluster_id) = with_namespaces(pool.clone(), 1).await;
    let rest = Next { after: Duration::from_secs(600), failures: 0 };
    let claim = one(&db, cluster_id).await.unwrap();
    let name: String = sqlx::query_scalar("select name from tenant_namespace").fetch_one(&pool).await.unwrap();
    Namespaces { cluster_id }.wake_namespace(&db, &name, Duration::ZERO).await.unwrap();
    assert!(one(&db, cluster_id).await.is_none(), "leased, however due");
    Namespaces::finish(&db, &claim, rest).await.unwrap();
    let again = one(&db, cluster_id).await.expect("due at once");
    Namespaces::finish(&db, &again, rest).await.unwrap();
    assert!(one(&db, cluster_id).await.is_none(), "rests now");
}

/// The claim ends while its worker sleeps: a pass that goes on with it sends nothing.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pass_without_its_lease_sends_nothing(pool: PgPool) {
    let (db, cluster_id) = with_namespaces(pool.clone(), 1).await;
    let (cluster, slept) = (platform().await, one(&db, cluster_id).await.unwrap());
    sqlx::query("update tenant_namespace set lease_until = now() - interval '1 second'").execute(&pool).await.unwrap();
    let pass = Pass { db: &db, cluster: &cluster, claim: &slept };
    assert!(matches!(pass.run().await, Err(Stop::LeaseLost)));
    assert_eq!(cluster.writes_sent(), 0);
}

/// Two workers on one database and one cluster: everything is ready, and every write was made once.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn two_workers_share_the_work(pool: PgPool) {
    let mut rig = Rig::start(pool.clone()).await;
    let other = Rig::start(pool).await;
    let mut declared = Vec::new();
    for _ in 0..6 {
        declared.push(rig.declare().await);
    }
    join_all(declared.iter().map(|d| rig.until_ready(d))).await;
    let writes = rig.cluster.writes_sent() + other.cluster.writes_sent();
    assert!(
        (6 * 13..6 * 13 + 6).contains(&writes),
        "{writes} writes for 6 × 12 objects and the creation of each namespace"
    );
    other.stop().await;
    rig.stop().await;
}
