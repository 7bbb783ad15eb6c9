//! The real cluster.

use tokio::net::TcpListener;

use super::*;
use crate::{
    cluster::{Cluster, Kubeconfig, connect},
    provisioning,
    testing::rig::{self, Admin, Workers, eventually},
};

/// A namespace of nobody, in a cluster that is followed.
struct Rig {
    db: Db,
    admin: Admin,
    namespace: String,
    entity: EntityRef,
    workers: Workers,
}

async fn following(db: &Db, cluster: Cluster) -> Workers {
    let mut workers = Workers::new();
    let settings = provisioning::WorkerSettings::default();
    workers.start(|stop| provisioning::run(db.clone(), cluster.clone(), settings, stop));
    workers.start(|stop| run(db.clone(), cluster, stop));
    workers.until_registered(db).await;
    workers
}

impl Rig {
    async fn start(pool: PgPool) -> Self {
        let db = Db::of_pool(pool);
        let admin = Admin::connect().await;
        let namespace = format!("r{}", &Uuid::new_v4().simple().to_string()[..10]);
        let object = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": namespace, "labels": { "env": "qa" } } });
        admin.create("Namespace", "", object).await;
        let entity = {
            let world = World { db: db.clone(), cluster_id: Uuid::nil() };
            world.entity("component:default/shop", "payments", json!({ ID: namespace })).await
        };
        let workers = following(&db, rig::platform().await).await;
        Self { db, admin, namespace, entity, workers }
    }

    async fn deploy(&self, name: &str) {
        let (name, id) = (name.to_owned(), self.namespace.clone());
        let object = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": { "name": name, "labels": { ID: id } },
            "spec": {
                "replicas": 1, "selector": { "matchLabels": { "app": name } },
                "template": { "metadata": { "labels": { "app": name } }, "spec": { "containers": [{ "name": "a", "image": "web:1" }] } },
            },
        });
        self.admin.create("Deployment", &self.namespace, object).await;
    }

    async fn found(&self) -> RunsWhere {
        let document = json!({ "metadata": { "name": "shop", "annotations": { ID: self.namespace } } });
        running_of(&member("payments"), &self.db, &self.entity, &document).await.unwrap().unwrap()
    }

    async fn until(&self, what: &str, holds: impl Fn(&RunsWhere) -> bool) -> RunsWhere {
        eventually(what, || async {
            let found = self.found().await;
            if holds(&found) { Ok(found) } else { Err(format!("{found:?}")) }
        })
        .await
    }
}

fn names(found: &RunsWhere) -> Vec<&str> {
    found.workloads.iter().map(|view| view.name.as_str()).collect()
}

fn is_current(found: &RunsWhere) -> bool {
    found.clusters.iter().all(|of| of.is.is_current())
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_put_into_a_namespace_of_nobody_appears_and_goes_with_it(pool: PgPool) {
    let rig = Rig::start(pool).await;
    rig.deploy("web").await;
    let found = rig.until("it appears", |found| names(found) == ["web"] && is_current(found)).await;
    let view = &found.workloads[0];
    let environment = view.environment.clone().unwrap();
    assert_eq!(
        (environment.name.as_str(), environment.label.as_deref(), environment.is_of_namespace),
        ("qa", Some("env"), true)
    );
    assert_eq!((view.images.as_slice(), view.wanted), (["web:1".to_owned()].as_slice(), Some(1)));
    rig.until("it is ready", |found| found.workloads.iter().all(|view| view.ready == Some(1))).await;
    let scale = json!({ "spec": { "replicas": 0 } });
    rig.admin.tamper("Deployment", &rig.namespace, "web", scale).await;
    rig.until("it is scaled", |found| {
        found.workloads.iter().all(|view| (view.wanted, view.ready) == (Some(0), Some(0)))
    })
    .await;
    rig.admin.delete("Deployment", &rig.namespace, "web").await;
    rig.until("it goes", |found| found.workloads.is_empty()).await;
    rig.workers.stop().await;
    rig.admin.remove_namespace(&rig.namespace).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_went_while_nobody_looked_is_gone_when_somebody_does(pool: PgPool) {
    let rig = Rig::start(pool).await;
    rig.deploy("goes").await;
    rig.deploy("stays").await;
    rig.until("both appear", |found| names(found) == ["goes", "stays"]).await;
    let Rig { db, admin, namespace, entity, workers } = rig;
    workers.stop().await;
    admin.delete("Deployment", &namespace, "goes").await;
    let workers = following(&db, rig::platform().await).await;
    let rig = Rig { db, admin, namespace, entity, workers };
    rig.deploy("comes").await;
    rig.until("it is as the cluster is", |found| names(found) == ["comes", "stays"]).await;
    rig.workers.stop().await;
    rig.admin.remove_namespace(&rig.namespace).await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn while_the_cluster_is_away_what_was_seen_stays_and_is_said_to_be_old(pool: PgPool) {
    let rig = Rig::start(pool).await;
    rig.deploy("web").await;
    rig.until("it appears", |found| names(found) == ["web"] && is_current(found)).await;
    let Rig { db, admin, namespace, entity, workers } = rig;
    workers.stop().await;
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let text = format!(
        "apiVersion: v1\nkind: Config\nclusters: [{{name: c, cluster: {{server: 'http://{nobody}'}}}}]\n\
         users: [{{name: u, user: {{token: t}}}}]\ncontexts: [{{name: c, context: {{cluster: c, user: u}}}}]\ncurrent-context: c\n"
    );
    let away = connect(rig::CLUSTER, &Kubeconfig::Text(text)).await.unwrap();
    let workers = following(&db, away).await;
    let rig = Rig { db, admin, namespace, entity, workers };
    let is_away = |found: &RunsWhere| found.clusters.iter().all(|of| matches!(of.is, Sight::Away { .. }));
    let found = rig.until("it is known to be away", is_away).await;
    assert_eq!(names(&found), ["web"]);
    rig.workers.stop().await;
    rig.admin.remove_namespace(&rig.namespace).await;
}
