use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use domain::provisioning::{ConditionStatus, ConditionType};
use sqlx::PgPool;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::super::grant_accelerators;
use super::support::Rig;
use crate::{
    audit::Actor,
    cluster::{Cluster, FailureClass, Kubeconfig, connect},
    testing::rig::CLUSTER,
};

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

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_change_made_while_the_cluster_is_away_is_carried_out_when_it_is_back(pool: PgPool) {
    let mut before = Rig::start(pool.clone()).await;
    let declared = before.ready().await;
    before.pause().await;

    let away = Rig::start_on(pool.clone(), cluster_at(&nobody().await).await).await;
    let cards = BTreeMap::from([("nvidia.com/gpu".to_owned(), 1)]);
    assert_eq!(grant_accelerators(&away.db, &Actor::System("test"), declared.id, &cards).await.unwrap(), 2);
    let view = away.until_condition(&declared, ConditionType::ClusterReachable, ConditionStatus::False).await;
    assert_eq!((view.revision, view.observed_revision), (2, 1));
    assert_eq!(
        view.condition(ConditionType::Ready).unwrap().status,
        ConditionStatus::Unknown,
        "old green is not shown"
    );
    away.stop().await;

    let mut back = Rig::start(pool).await;
    back.takes_over(&declared);
    let view = back.until_ready(&declared).await;
    assert_eq!((view.observed_revision, view.drift.len()), (2, 0));
    assert_eq!(view.condition(ConditionType::ClusterReachable).unwrap().status, ConditionStatus::True);
    back.stop().await;
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

#[tokio::test]
async fn a_cluster_that_has_too_much_to_do_is_asked_half_as_much() {
    let busy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cluster = cluster_at(&busy.local_addr().unwrap().to_string()).await;
    assert_eq!(cluster.room(8), 8);
    tokio::spawn(async move {
        let (mut visitor, _) = busy.accept().await.unwrap();
        assert!(visitor.read(&mut [0; 1024]).await.unwrap() > 0, "an answer follows a question");
        let answer = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 3\r\ncontent-length: 0\r\n\r\n";
        visitor.write_all(answer).await.unwrap();
        std::future::pending::<()>().await;
    });
    let failure = cluster.probe().await.unwrap_err();
    assert_eq!((failure.class, failure.retry_after), (FailureClass::Overloaded, Some(Duration::from_secs(3))));
    assert_eq!(cluster.clone().room(8), 4, "whoever asks it");
}
