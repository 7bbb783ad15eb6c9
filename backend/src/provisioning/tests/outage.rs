use std::time::{Duration, Instant};

use domain::provisioning::{ConditionStatus, ConditionType};
use sqlx::PgPool;
use tokio::net::TcpListener;

use super::support::{CLUSTER, Rig};
use crate::cluster::{Cluster, FailureClass, Kubeconfig, connect};

async fn cluster_at(address: &str) -> Cluster {
    let text = format!(
        "apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{server: 'http://{address}'}}}}]\n\
         users: [{{name: u, user: {{token: t}}}}]\ncontexts: [{{name: c, context: {{cluster: c, user: u}}}}]\ncurrent-context: c\n"
    );
    connect(CLUSTER, &Kubeconfig::Text(text)).await.unwrap()
}

/// An address at which nobody listens.
async fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_asked_for_while_the_cluster_is_away_is_kept(pool: PgPool) {
    let mut rig = Rig::start_on(pool, cluster_at(&nobody().await).await).await;
    let declared = rig.declare().await;
    let view = rig.until_condition(&declared, ConditionType::ClusterReachable, ConditionStatus::False).await;
    assert_eq!(view.condition(ConditionType::ClusterReachable).unwrap().reason, "ConnectionFailed");
    assert_eq!(view.condition(ConditionType::Ready).unwrap().status, ConditionStatus::Unknown);
    assert_eq!((view.revision, view.observed_revision), (1, 0));
    rig.stop().await;
}

#[tokio::test]
async fn a_cluster_that_never_answers_is_given_up_within_the_deadline() {
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cluster = cluster_at(&mute.local_addr().unwrap().to_string()).await;
    let start = Instant::now();
    let failure = cluster.probe().await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Unreachable);
    assert!(start.elapsed() < Duration::from_secs(12), "{:?}", start.elapsed());
}
