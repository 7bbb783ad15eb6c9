//! The collectors on a real cluster and a real Git host: what they write down is what stands there, and rules pass by it.

use std::collections::BTreeMap;

use domain::{
    catalog::EntityRef,
    maturity::Outcome,
    scaffold::tree::{CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, Signature},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::{OffsetDateTime, macros::datetime};
use uuid::Uuid;

use super::*;
use crate::{
    git_host::{Branch, NewBranch, NewRepository, Organisation, RepositoryName, Visibility, connect},
    maturity::service,
    testing::{
        rig::{Admin, CLUSTER, eventually, git_host, platform},
        viewer,
    },
};

const LEDGER: &str = "component:default/ledger";

async fn ledger(db: &Db, annotations: Value) {
    let reference: EntityRef = LEDGER.parse().unwrap();
    let document = json!({ "metadata": { "annotations": annotations },
        "spec": { "type": "service", "lifecycle": "production", "owner": "payments" } });
    let mut tx = db.pool.begin().await.unwrap();
    crate::catalog::register(&mut tx, &reference, &document, "test").await.unwrap();
    tx.commit().await.unwrap();
}

/// Takes one turn as a worker does and answers the facts that it left, each with its source.
async fn facts(db: &Db, collector: &dyn Collector) -> BTreeMap<String, (Value, Option<String>)> {
    assert!(is_my_turn(db, collector).await.unwrap());
    turn(db, collector).await;
    let problem: Option<String> = sqlx::query_scalar("select problem from fact_collector where name = $1")
        .bind(collector.name())
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(problem, None);
    let rows: Vec<(String, Value, Option<String>)> =
        sqlx::query_as("select name, value, source_ref from fact where subject = $1 and collector = $2")
            .bind(LEDGER)
            .bind(collector.name())
            .fetch_all(&db.pool)
            .await
            .unwrap();
    rows.into_iter().map(|(name, value, source)| (name, (value, source))).collect()
}

async fn outcome(db: &Db, rule: &str) -> Outcome {
    let now: OffsetDateTime = sqlx::query_scalar("select now()").fetch_one(&db.pool).await.unwrap();
    let page = service(&viewer(&["payments"], &[]), db, "ledger", now).await.unwrap();
    page.rules.into_iter().find(|(of, _)| of.id == rule).unwrap().1.result.outcome
}

async fn deploy(admin: &Admin, namespace: &str) {
    let labels = json!({ "app": "ledger" });
    let container = json!({ "name": "main", "image": "registry.example.com/ledger",
        "readinessProbe": { "httpGet": { "path": "/ready", "port": 8080 } },
        "resources": { "requests": { "cpu": "10m", "memory": "16Mi" }, "limits": { "memory": "32Mi" } } });
    for (kind, api_version, spec) in [
        ("ResourceQuota", "v1", json!({ "hard": { "pods": "9" } })),
        ("LimitRange", "v1", json!({ "limits": [{ "type": "Container", "default": { "memory": "64Mi" } }] })),
        ("NetworkPolicy", "networking.k8s.io/v1", json!({ "podSelector": {}, "policyTypes": ["Ingress"] })),
        (
            "Deployment",
            "apps/v1",
            json!({ "selector": { "matchLabels": labels }, "template": {
                "metadata": { "labels": labels }, "spec": { "containers": [container] } } }),
        ),
    ] {
        let object = json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": "ledger" }, "spec": spec });
        admin.create(kind, namespace, object).await;
    }
    eventually("it runs", || async {
        let status = admin.get("Deployment", namespace, "ledger").await.unwrap()["status"].take();
        if status["readyReplicas"] == 1 { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_runs_in_a_namespace_becomes_facts_and_rules_pass_by_them(pool: PgPool) {
    let (db, admin) = (Db::of_pool(pool.clone()), Admin::connect().await);
    ledger(&db, json!({})).await;
    let name = format!("ledger-{}", Uuid::new_v4().simple());
    let labels = json!({ "pod-security.kubernetes.io/enforce": "baseline" });
    let namespace = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": labels } });
    admin.create("Namespace", "", namespace).await;
    deploy(&admin, &name).await;
    let kept = "with c as (insert into cluster (name) values ($1) returning cluster_id)
                insert into tenant_namespace (cluster_id, name, team, service, environment, size, editors, viewers, uid)
                select cluster_id, $2, 'payments', 'ledger', 'prod', 'small', '{}', '{}', 'u' from c";
    sqlx::query(kept).bind(CLUSTER).bind(&name).execute(&pool).await.unwrap();

    assert_eq!(outcome(&db, "TEC-1.1").await, Outcome::Unknown, "nobody has looked");
    facts(&db, &catalog::Catalog).await;
    let found = facts(&db, &cluster::InCluster { cluster: platform().await }).await;
    let source = Some(format!("{CLUSTER}/{name}"));
    assert!(found.values().all(|(_, from)| *from == source), "{found:?}");
    let expected = json!({ "name": name, "environment": "prod", "pod_security": "baseline", "has_quota": true,
        "has_limit_range": true });
    assert_eq!(found[cluster::NAMESPACE].0, expected);
    assert_eq!(found[cluster::NETWORK].0, json!({ "denies_ingress": true, "denies_egress": false }));
    let container = json!({ "name": "main", "readiness": true, "cpu_request": "10m", "memory_request": "16Mi",
        "memory_limit": "32Mi" });
    let workload = json!({ "kind": "Deployment", "name": "ledger", "ready": 1, "disruption_budget": false,
        "containers": [container] });
    assert_eq!(found[cluster::WORKLOADS].0, json!([workload]));
    let pods = found[cluster::PODS].0.as_array().unwrap();
    assert_eq!((pods.len(), &pods[0]["controller"]), (1, &json!("ReplicaSet")));
    for passes in ["TEC-1.1", "TEC-1.2", "TEC-1.3", "TEC-2.2", "POL-2.1"] {
        assert_eq!(outcome(&db, passes).await, Outcome::Pass, "{passes}");
    }
    assert_eq!(outcome(&db, "POL-3.2").await, Outcome::Fail, "it may send anything anywhere");
    admin.remove_namespace(&name).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_lies_in_a_repository_becomes_facts_and_a_rule_passes_by_them(pool: PgPool) {
    let (db, host) = (Db::of_pool(pool), connect(&git_host()).unwrap());
    let owner = format!("m-{:08x}", rand::random::<u32>());
    let name: RepositoryName = format!("{owner}/ledger").parse().unwrap();
    host.ensure_organisation(&Organisation { name: name.owner.clone(), visibility: Visibility::Internal })
        .await
        .unwrap();
    let wanted = NewRepository {
        name: name.clone(),
        description: OneLine::new("Keeps the books").unwrap(),
        visibility: Visibility::Private,
        run: Uuid::from_u128(1),
    };
    host.create_repository(&wanted).await.unwrap();
    let pushed = host.push_new_branch(&name, &Branch::main(), &first_commit()).await.unwrap();
    let NewBranch::Pushed(head) = pushed else { panic!("{pushed:?}") };
    ledger(&db, json!({ "backstage.io/source-location": format!("url:{}", host.web_url(&name)) })).await;

    facts(&db, &catalog::Catalog).await;
    let found = facts(&db, &git::Git { host }).await;
    let source = Some(format!("{name}@{head}"));
    assert!(found.values().all(|(_, from)| *from == source), "{found:?}");
    let state = json!({ "reachable": true, "is_complete": true, "has_manifests": true, "has_readme": true,
        "has_ci": true, "has_code_owners": false });
    assert_eq!(found[git::STATE].0, state);
    let overlay = json!({ "name": "prod", "only_changes_base": true, "base": "deploy/base" });
    assert_eq!(found[git::RELEASE].0, json!({ "bases": 1, "overlays": [overlay] }));
    assert_eq!(outcome(&db, "PRO-1.1").await, Outcome::Pass);
}

fn first_commit() -> CommitSpec {
    let mut tree = FileTree::new();
    for (path, text) in [
        ("README.md", "# Ledger\n"),
        (".github/workflows/ci.yaml", "on: push\n"),
        ("deploy/base/kustomization.yaml", "resources: []\n"),
        ("deploy/overlays/prod/kustomization.yaml", "resources:\n  - ../../base\n"),
    ] {
        tree.insert(path.parse().unwrap(), FileContent::text(text)).unwrap();
    }
    CommitSpec {
        content: Content::Initial(tree),
        message: CommitMessage {
            subject: OneLine::new("Create ledger").unwrap(),
            run: Uuid::from_u128(1),
            co_author: None,
        },
        author: Signature::platform(),
        at: CommitTime::of(datetime!(2026-05-01 12:00 UTC)),
    }
}
