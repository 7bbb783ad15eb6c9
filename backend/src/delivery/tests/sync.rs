use std::collections::BTreeMap;

use domain::{
    delivery::{Cause, Standing},
    scaffold::tree::CommitId,
};
use sqlx::PgPool;

use super::super::{commits, kubeconfig, of_service, standing};
use super::support::{Rig, TEAM, member};
use crate::{
    audit::Actor,
    provisioning,
    testing::{
        self,
        rig::{CLUSTER, eventually},
    },
};

const CARD: &str = "nvidia.com/gpu";

fn unchanged(text: String) -> String {
    text
}

/// One card for each pod, on the nodes that have them.
fn with_card(text: String) -> String {
    text.replace("limits: {memory: 32Mi}", &format!("limits: {{memory: 32Mi, {CARD}: 1}}")).replace(
        "      containers:\n",
        "      tolerations:\n        - {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}\n      containers:\n",
    )
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_first_commit_runs_in_every_environment_and_a_push_follows(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev", "prod"], unchanged).await;
    let first = rig.head(&service).await;
    for environment in ["dev", "prod"] {
        let view = rig.until(&service, environment, "it runs", |view| view.is_well()).await;
        assert_eq!(view.synced_commit.as_deref(), Some(first.as_str()));
        assert!(view.runs_starter, "{:?}", view.observed);
        assert_eq!(view.desired_images, [testing::OVERLAY_IMAGE]);
        assert_eq!(view.releases.len(), 1);
        let observed = view.observed.unwrap();
        assert_eq!((observed.pods.len(), observed.replicas()), (1, (1, 1)));
        assert!(observed.pods[0].is_ready && observed.pods[0].node.is_some());
        let namespace = service.namespace(environment);
        assert_eq!(standing(&rig.db, CLUSTER, &namespace, &first).await.unwrap(), Standing::Ready);
    }
    let dev = service.overlay("dev");
    let more = rig.read(&service, &dev).await
        + "replicas:\n  - name: NAME\n    count: 2\n".replace("NAME", &service.name).as_str();
    let second = rig.push(&service, "Run two of it", &[(&dev, &more)], &[]).await;
    let two =
        |view: &super::super::DeliveryView| view.is_well() && view.observed.as_ref().unwrap().replicas() == (2, 2);
    let view = rig.until(&service, "dev", "two run", two).await;
    assert_eq!((view.synced_commit.as_deref(), view.releases.len()), (Some(second.as_str()), 2));
    let compared = |view: &super::super::DeliveryView| {
        view.pinned.as_ref().is_some_and(|pinned| pinned.head.as_deref() == Some(second.as_str()))
    };
    let prod = rig.until(&service, "prod", "the branch is compared with production", compared).await;
    assert_eq!(prod.synced_commit.as_deref(), Some(first.as_str()), "production follows no branch");
    assert!(prod.is_well() && !prod.pinned.unwrap().is_behind(), "nothing has changed for this environment");
    assert_eq!(prod.releases.len(), 1);
    // A later commit counts for the one before it, and one that is not there counts for nothing.
    let namespace = service.namespace("dev");
    assert_eq!(standing(&rig.db, CLUSTER, &namespace, &first).await.unwrap(), Standing::Ready);
    let unknown: CommitId = "0123456789abcdef0123456789abcdef01234567".parse().unwrap();
    assert!(matches!(standing(&rig.db, CLUSTER, &namespace, &unknown).await.unwrap(), Standing::UnderWay(_)));
    let history = commits(&member(), &rig.db, &service.repository.to_string()).await.unwrap();
    let subjects: Vec<_> = history.iter().map(|commit| commit.subject.as_str()).collect();
    assert_eq!(subjects, ["Run two of it", "Create it"]);
    rig.stop().await;
}

/// Sooner than the audit comes: the rest is over as often as the engine would ask.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_push_is_seen_where_nothing_follows_the_branch(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["prod"], unchanged).await;
    rig.until(&service, "prod", "it runs", |view| view.is_well()).await;
    eventually("the repository rests", || async {
        let rests = "select lease_until is null and failures = 0 and due_at > now() from delivery_source";
        let rests: bool = sqlx::query_scalar(rests).fetch_one(&rig.db.pool).await.unwrap();
        if rests { Ok(()) } else { Err("it is looked at".into()) }
    })
    .await;
    let pushed = rig.push(&service, "Say hello", &[("README.md", "# hello\n")], &[]).await;
    let seen = |view: &super::super::DeliveryView| {
        view.pinned.as_ref().is_some_and(|pinned| pinned.head.as_deref() == Some(pushed.as_str()))
    };
    let view = rig.until(&service, "prod", "the push is seen", seen).await;
    assert_eq!(view.synced_commit.as_deref(), Some(service.first.as_str()));
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn cards_beyond_the_quota_are_refused_in_the_servers_own_words(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev"], with_card).await;
    let namespace = service.namespace("dev");
    let id = sqlx::query_scalar("select namespace_id from tenant_namespace where name = $1")
        .bind(&namespace)
        .fetch_one(&rig.db.pool)
        .await
        .unwrap();
    // Without a grant not one pod is made.
    let refused = |view: &super::super::DeliveryView| view.troubles.iter().any(|trouble| trouble.cause == Cause::Quota);
    rig.until(&service, "dev", "the quota refuses", refused).await;
    let first = rig.head(&service).await;
    let Standing::UnderWay(why) = standing(&rig.db, CLUSTER, &namespace, &first).await.unwrap() else {
        panic!("it runs without a card")
    };
    assert!(why.contains("exceeded quota: waymark-gpu, requested: requests.nvidia.com/gpu=1"), "{why}");
    let grant = BTreeMap::from([(CARD.to_owned(), 1)]);
    provisioning::grant_accelerators(&rig.db, &Actor::System("test"), id, &grant).await.unwrap();
    let view = rig.until(&service, "dev", "one card runs", |view| view.is_well()).await;
    let pod = view.observed.unwrap().pods.remove(0);
    assert_eq!(pod.accelerators[CARD], 1);
    let node = rig.admin.get("Node", "", &pod.node.unwrap()).await.unwrap();
    assert_ne!(node["status"]["capacity"][CARD], serde_json::Value::Null, "it runs on a node that has cards");
    let dev = service.overlay("dev");
    let more = rig.read(&service, &dev).await + &format!("replicas:\n  - name: {}\n    count: 2\n", service.name);
    rig.push(&service, "Use two cards", &[(&dev, &more)], &[]).await;
    let view = rig.until(&service, "dev", "the second card is refused", refused).await;
    let trouble = view.troubles.iter().find(|trouble| trouble.cause == Cause::Quota).unwrap();
    assert!(
        trouble.said.contains("used: requests.nvidia.com/gpu=1, limited: requests.nvidia.com/gpu=1"),
        "{trouble:?}"
    );
    assert_eq!(trouble.by, "API server");
    assert_eq!(view.observed.unwrap().replicas(), (1, 2), "what runs goes on");
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_runs_is_the_teams_own_to_see(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = rig.service(&["dev"], unchanged).await;
    let reference = format!("component:default/{}", service.name).parse().unwrap();
    let namespace = service.namespace("dev");
    let neighbour = rig.person("neighbour", &["search"]).await;
    let platform = rig.person("platform", &["platform"]).await;
    assert!(of_service(&neighbour, &rig.db, &reference).await.unwrap().is_empty());
    assert!(kubeconfig(&neighbour, &rig.db, None, CLUSTER, &namespace).await.is_err());
    assert!(commits(&neighbour, &rig.db, &service.repository.to_string()).await.unwrap().is_empty());
    assert_eq!(of_service(&platform, &rig.db, &reference).await.unwrap().len(), 1);
    let text = kubeconfig(&member(), &rig.db, None, CLUSTER, &namespace).await.unwrap();
    assert!(
        text.contains("https://127.0.0.1:") && text.contains(&namespace) && text.contains("certificate-authority-data")
    );
    assert_eq!(TEAM, "deliverers");
    rig.stop().await;
}
