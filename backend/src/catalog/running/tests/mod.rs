//! Against a database, and against the real API server of the local stack with workers of the test's own.

mod adopted;
mod followed;
mod in_cluster;
mod listed;
mod told;
mod who;

use domain::{
    access::{Role, Viewer},
    catalog::{EntityRef, running::WorkloadKind},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::{store::Store, *};
use crate::{Db, catalog, cluster::RunningKind, testing};

const DEPLOYMENT: RunningKind = RunningKind::Workload(WorkloadKind::Deployment);

/// A cluster that was listed in full, as rows.
struct World {
    db: Db,
    cluster_id: Uuid,
}

impl World {
    async fn new(pool: PgPool) -> Self {
        let db = Db::of_pool(pool);
        let cluster_id = sqlx::query_scalar(
            "insert into cluster (name, reachable, reachable_changed_at) values ('local', true, now()) returning cluster_id",
        );
        let world = Self { cluster_id: cluster_id.fetch_one(&db.pool).await.unwrap(), db };
        for kind in RunningKind::ALL {
            world.store(kind).listed().await.unwrap();
        }
        world
    }

    fn store(&self, kind: RunningKind) -> Store<'_> {
        Store { db: &self.db, cluster_id: self.cluster_id, kind }
    }

    async fn namespace(&self, name: &str, labels: Value) {
        let seen = json!({ "name": name, "uid": format!("uid-{name}"), "version": 1, "labels": labels });
        self.store(RunningKind::Namespace).keep(&[seen]).await.unwrap();
    }

    /// A namespace that the platform keeps, as it stands in the cluster.
    async fn kept(&self, team: &str, service: &str, environment: &str) -> String {
        let name = format!("{team}-{service}-{environment}");
        self.namespace(&name, json!({})).await;
        sqlx::query(
            "insert into tenant_namespace (cluster_id, name, team, service, environment, size, editors, viewers, uid)
             values ($1, $2, $3, $4, $5, 'small', '{}', '{}', $6)",
        )
        .bind(self.cluster_id)
        .bind(&name)
        .bind(team)
        .bind(service)
        .bind(environment)
        .bind(format!("uid-{name}"))
        .execute(&self.db.pool)
        .await
        .unwrap();
        name
    }

    async fn deployment(&self, namespace: &str, name: &str, labels: Value) {
        self.store(DEPLOYMENT).keep(&[row(namespace, name, labels)]).await.unwrap();
    }

    async fn entity(&self, reference: &str, owner: &str, annotations: Value) -> EntityRef {
        let reference: EntityRef = reference.parse().unwrap();
        let document = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": reference.kind(),
            "metadata": { "name": reference.name(), "annotations": annotations },
            "spec": { "type": "service", "lifecycle": "production", "owner": owner },
        });
        let mut tx = self.db.pool.begin().await.unwrap();
        catalog::register(&mut tx, &reference, &document, "test").await.unwrap();
        tx.commit().await.unwrap();
        reference
    }

    /// Names of what belongs to an entity, for this viewer.
    async fn runs(&self, viewer: &Viewer, reference: &EntityRef) -> Vec<String> {
        let document: Value = sqlx::query_scalar("select document from entity where reference = $1")
            .bind(reference.to_string())
            .fetch_one(&self.db.pool)
            .await
            .unwrap();
        let found = running_of(viewer, &self.db, reference, &document).await.unwrap().unwrap();
        found.workloads.into_iter().map(|view| format!("{}/{}", view.namespace, view.name)).collect()
    }

    async fn offered(&self, viewer: &Viewer) -> Vec<String> {
        let found = offers(viewer, &self.db).await.unwrap().found;
        let one = |offer: Offer| {
            let owner = offer.proposal.map_or("?".to_owned(), |(owner, reason)| format!("{} {reason:?}", owner.name()));
            format!("{}/{} {owner}", offer.key.namespace, offer.key.what.unwrap_or_default())
        };
        found.into_iter().map(one).collect()
    }
}

fn row(namespace: &str, name: &str, labels: Value) -> Value {
    json!({
        "namespace": namespace, "name": name, "uid": format!("uid-{namespace}-{name}"), "version": 1, "labels": labels,
        "images": ["registry.example/shop/web:1.2"], "wanted": 2, "ready": 2, "manager": null, "manager_name": null,
        "made_at": "2026-01-01T00:00:00Z",
    })
}

fn member(team: &str) -> Viewer {
    testing::viewer(&[team], &[])
}

fn platform() -> Viewer {
    testing::viewer(&["platform"], &[Role::Platform])
}

fn outsider() -> Viewer {
    testing::viewer(&[], &[])
}

const ID: &str = "backstage.io/kubernetes-id";
const SELECTOR: &str = "backstage.io/kubernetes-label-selector";
