use domain::provisioning::{ObjectKey, ObjectKind, Size, plan, render};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Outcome, Pass, execute::Execution, intent};
use crate::{
    Db,
    keyed_queue::Keys,
    provisioning::{Declaration, capability, declare_in, queue::Namespaces},
    testing::rig::{Admin, CLUSTER, eventually, platform},
};

/// Somebody puts a binding to another role where none was seen, before ours is written.
#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_was_put_there_meanwhile_and_cannot_be_changed_is_made_anew(pool: PgPool) {
    let (db, cluster, admin) = (Db::of_pool(pool.clone()), platform().await, Admin::connect().await);
    let cluster_id = capability::register(&db, CLUSTER).await.unwrap();
    let mut tx = db.pool.begin().await.unwrap();
    let declared = declare_in(&mut tx, &declaration()).await.unwrap();
    tx.commit().await.unwrap();
    let claim = Namespaces { cluster_id }.claim(&db, "test", 1).await.unwrap().pop().unwrap();
    sqlx::query("update tenant_namespace set lease_until = now() + interval '1 hour'").execute(&pool).await.unwrap();
    let pass = Pass { db: &db, cluster: &cluster, claim: &claim };
    eventually("the namespace stands", || async {
        match pass.run().await.unwrap() {
            Outcome::Stands => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;

    let (name, key) = (declared.name.as_str(), ObjectKey::new(ObjectKind::RoleBinding, "waymark-viewers"));
    let loaded = intent::load(&db, claim.key).await.unwrap().unwrap();
    let desired = render(&loaded.intent, &loaded.capabilities);
    let mut live = cluster.list_in(name, &ObjectKind::CHILDREN).await.unwrap();
    live.remove(&key);
    let action = plan(&desired, &live).into_iter().find(|action| action.key == key).unwrap();
    admin.delete("RoleBinding", name, &key.name).await;
    let group = "rbac.authorization.k8s.io";
    let theirs = json!({ "apiVersion": format!("{group}/v1"), "kind": "RoleBinding", "metadata": { "name": key.name },
        "roleRef": { "apiGroup": group, "kind": "ClusterRole", "name": "admin" }, "subjects": [] });
    admin.create("RoleBinding", name, theirs).await;

    let mut execution = Execution::new(&pass, &loaded.intent, &desired, live);
    execution.carry_out(&action).await.unwrap();
    assert!(execution.failures.is_empty(), "{:?}", execution.failures);
    let binding = admin.get("RoleBinding", name, &key.name).await.unwrap();
    assert_eq!(binding["roleRef"]["name"], "waymark-tenant-viewer");
    let told: Vec<String> =
        sqlx::query_scalar("select field from drift_event where class = 'immutable'").fetch_all(&pool).await.unwrap();
    assert_eq!(told, ["roleRef.name"], "and what was there is told");
    admin.remove_namespace(name).await;
}

fn declaration() -> Declaration {
    Declaration {
        cluster: CLUSTER.into(),
        team: "payments".into(),
        service: format!("t{}", &Uuid::new_v4().simple().to_string()[..10]),
        environment: "dev".into(),
        size: Size::Small,
        editors: vec!["oidc:payments".into()],
        viewers: vec![],
    }
}
