//! The platform signs in as somebody who has the shipped role but for one rule.

use domain::{
    access::Role,
    provisioning::{ConditionStatus, ConditionType, Right, RoleRule},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::super::rights::{ask, rights};
use super::support::{ALONE, Rig, developer};
use crate::{
    Db,
    cluster::{Cluster, Kubeconfig, connect},
    testing::{
        rig::{Admin, CLUSTER, eventually, stack},
        viewer,
    },
};

/// Somebody of this name, with a role and a binding of the same name.
struct Limited {
    name: String,
    admin: Admin,
    cluster: Cluster,
}

impl Limited {
    async fn lacking(lacks: &Right) -> Self {
        let admin = Admin::connect().await;
        let name = format!("waymark-limited-{}", Uuid::new_v4().simple());
        let shipped = shipped(&admin).await;
        let metadata = json!({ "name": name });
        let role = json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": metadata,
            "rules": without(shipped, lacks) });
        admin.create("ClusterRole", "", role).await;
        let group = "rbac.authorization.k8s.io";
        let binding = json!({ "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": metadata,
            "roleRef": { "apiGroup": group, "kind": "ClusterRole", "name": name },
            "subjects": [{ "apiGroup": group, "kind": "User", "name": name }] });
        admin.create("ClusterRoleBinding", "", binding).await;
        let cluster = signed_in_as(&name).await;
        eventually("the role counts", || async {
            let lacks = cluster.lacks(&[Right::new("get", "", "pods/log")]).await.unwrap();
            if lacks.is_empty() { Ok(()) } else { Err(format!("{lacks:?}")) }
        })
        .await;
        Self { name, admin, cluster }
    }

    async fn is_given_all(&self) {
        let rules = shipped(&self.admin).await;
        self.admin.tamper("ClusterRole", "", &self.name, json!({ "rules": rules })).await;
    }

    async fn leave(self) {
        self.admin.delete("ClusterRoleBinding", "", &self.name).await;
        self.admin.delete("ClusterRole", "", &self.name).await;
    }
}

async fn shipped(admin: &Admin) -> Value {
    admin.get("ClusterRole", "", "waymark-platform").await.unwrap()["rules"].take()
}

/// The rules with one verb taken out wherever the resource is named.
fn without(mut rules: Value, lacks: &Right) -> Value {
    for rule in rules.as_array_mut().unwrap() {
        let names = |key: &str, text: &str| rule[key].as_array().unwrap().iter().any(|value| value == text);
        if !names("apiGroups", &lacks.group) || !names("resources", &lacks.resource) {
            continue;
        }
        rule["verbs"].as_array_mut().unwrap().retain(|verb| *verb != lacks.verb);
    }
    rules
}

async fn signed_in_as(name: &str) -> Cluster {
    let text = std::fs::read_to_string(stack("/kubeconfig")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    document["users"][0]["user"]["as"] = name.into();
    connect(CLUSTER, &Kubeconfig::Text(document.to_string())).await.unwrap()
}

async fn told(db: &Db) -> Option<Vec<RoleRule>> {
    let of_all = rights(&viewer(&[], &[Role::Platform]), db).await.unwrap();
    assert!(rights(&developer(), db).await.unwrap().is_empty(), "it is for the platform team alone");
    let of_one = of_all.into_iter().find(|of_one| of_one.cluster == CLUSTER)?;
    of_one.asked_at.map(|_| of_one.missing)
}

async fn until_told(db: &Db, expected: &[RoleRule]) {
    eventually("what is missing is told", || async {
        let told = told(db).await;
        if told.as_deref() == Some(expected) { Ok(()) } else { Err(format!("{told:?}")) }
    })
    .await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_missing_rule_is_named_where_it_is_needed_and_nothing_is_needed_when_it_is_given(pool: PgPool) {
    let mut before = Rig::start(pool.clone()).await;
    let declared = before.ready().await;
    until_told(&before.db, &[]).await;
    before.pause().await;

    let _others = ALONE.read().await;
    let lacks = Right::new("patch", "networking.k8s.io", "networkpolicies");
    let limited = Limited::lacking(&lacks).await;
    limited.admin.delete("NetworkPolicy", declared.name.as_str(), "waymark-default-deny").await;
    let mut rig = Rig::start_on(pool, limited.cluster.clone()).await;
    rig.takes_over(&declared);
    let view = rig.until_condition(&declared, ConditionType::NetworkIsolated, ConditionStatus::False).await;
    let condition = view.condition(ConditionType::NetworkIsolated).unwrap();
    assert_eq!(condition.reason, "Forbidden");
    assert!(condition.message.contains(&lacks.rule().to_string()), "{}", condition.message);
    assert_eq!(view.condition(ConditionType::QuotaApplied).unwrap().status, ConditionStatus::True, "the rest goes on");
    until_told(&rig.db, &[lacks.rule()]).await;

    limited.is_given_all().await;
    let cluster_id = sqlx::query_scalar("select cluster_id from cluster").fetch_one(&rig.db.pool).await.unwrap();
    eventually("everything is allowed", || async {
        if ask(&rig.db, cluster_id, &limited.cluster).await.unwrap() { Err("not yet".into()) } else { Ok(()) }
    })
    .await;
    until_told(&rig.db, &[]).await;
    rig.until_ready(&declared).await;
    rig.stop().await;
    limited.leave().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_rule_that_is_needed_before_anything_else_is_named_too(pool: PgPool) {
    let _others = ALONE.read().await;
    let lacks = Right::new("create", "", "namespaces");
    let limited = Limited::lacking(&lacks).await;
    let mut rig = Rig::start_on(pool, limited.cluster.clone()).await;
    let declared = rig.declare().await;
    let view = rig.until_condition(&declared, ConditionType::Ready, ConditionStatus::False).await;
    let condition = view.condition(ConditionType::Ready).unwrap();
    assert_eq!(condition.reason, "Forbidden");
    assert!(condition.message.contains(&lacks.rule().to_string()), "{}", condition.message);
    rig.pause().await;
    limited.leave().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_known_of_a_cluster_that_was_never_asked(pool: PgPool) {
    let db = Db::of_pool(pool);
    super::super::capability::register(&db, CLUSTER).await.unwrap();
    assert_eq!(told(&db).await, None);
}
