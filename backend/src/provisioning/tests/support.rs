//! A worker on the test's own database, and namespaces that are declared there.

use std::time::Duration;

use domain::{
    access::Viewer,
    catalog::EntityRef,
    provisioning::{ConditionStatus, ConditionType, NamespaceView, Size},
};
use serde_json::json;
use sqlx::PgPool;
use tokio::sync::{RwLock, RwLockReadGuard};
use uuid::Uuid;

use super::super::{Declaration, Declared, WorkerSettings, declare, find, run};
use crate::{
    Db, catalog,
    cluster::Cluster,
    testing::{
        self,
        rig::{Admin, CLUSTER, Workers, eventually, platform},
    },
};

/// Nodes and the cluster's own pace belong to everybody: a test that changes them runs alone.
pub(super) static ALONE: RwLock<()> = RwLock::const_new(());

pub(super) struct Rig {
    pub(super) db: Db,
    pub(super) cluster: Cluster,
    pub(super) admin: Admin,
    workers: Workers,
    made: Vec<String>,
    _others: Option<RwLockReadGuard<'static, ()>>,
}

/// Of the team that owns all namespaces of these tests.
pub(super) fn developer() -> Viewer {
    testing::viewer(&["payments"], &[])
}

/// A declaration under a name that no other test and no earlier run has used.
pub(super) fn declaration() -> Declaration {
    let random = Uuid::new_v4().simple().to_string();
    Declaration {
        cluster: CLUSTER.into(),
        team: "payments".into(),
        service: format!("t{}", &random[..10]),
        environment: "dev".into(),
        size: Size::Small,
        editors: vec!["oidc:payments".into()],
        viewers: vec![],
    }
}

/// The same, of a service that the catalog knows.
pub(super) async fn known(db: &Db, declaration: Declaration) -> Declaration {
    let reference = EntityRef::new("component", "default", &declaration.service).unwrap();
    let document = json!({ "spec": { "owner": format!("group:default/{}", declaration.team) } });
    let mut tx = db.pool.begin().await.unwrap();
    catalog::register(&mut tx, &reference, &document, "test").await.unwrap();
    tx.commit().await.unwrap();
    declaration
}

impl Rig {
    pub(super) async fn start(pool: PgPool) -> Self {
        let guard = ALONE.read().await;
        Self { _others: Some(guard), ..Self::start_on(pool, platform().await).await }
    }

    pub(super) async fn start_on(pool: PgPool, cluster: Cluster) -> Self {
        let db = Db::of_pool(pool);
        let settings =
            WorkerSettings { concurrency: 4, poll_every: Duration::from_secs(1), ..WorkerSettings::default() };
        let mut workers = Workers::new();
        workers.start(|stop| run(db.clone(), cluster.clone(), settings, stop));
        workers.until_registered(&db).await;
        Self { db, cluster, admin: Admin::connect().await, workers, made: vec![], _others: None }
    }

    pub(super) async fn declare(&mut self) -> Declared {
        let declared = declare(&developer(), &self.db, &known(&self.db, declaration()).await).await.unwrap();
        self.made.push(declared.name.to_string());
        declared
    }

    /// Declares a namespace and waits until it is ready.
    pub(super) async fn ready(&mut self) -> Declared {
        let declared = self.declare().await;
        self.until_ready(&declared).await;
        declared
    }

    pub(super) async fn until_ready(&self, declared: &Declared) -> NamespaceView {
        self.until(declared, "it is ready", |view| view.is_ready() && view.observed_revision == view.revision).await
    }

    pub(super) async fn view(&self, declared: &Declared) -> NamespaceView {
        find(&developer(), &self.db, CLUSTER, declared.name.as_str()).await.unwrap()
    }

    pub(super) async fn until(
        &self,
        declared: &Declared,
        what: &str,
        holds: impl Fn(&NamespaceView) -> bool,
    ) -> NamespaceView {
        eventually(what, || async {
            let view = self.view(declared).await;
            if holds(&view) { Ok(view) } else { Err(serde_json::to_string_pretty(&view).unwrap()) }
        })
        .await
    }

    pub(super) async fn until_condition(
        &self,
        declared: &Declared,
        kind: ConditionType,
        status: ConditionStatus,
    ) -> NamespaceView {
        let holds = |view: &NamespaceView| view.condition(kind).is_some_and(|c| c.status == status);
        self.until(declared, &format!("{} is {}", kind.as_str(), status.as_str()), holds).await
    }

    /// Removes a namespace at the end that another rig has made.
    pub(super) fn takes_over(&mut self, declared: &Declared) {
        self.made.push(declared.name.to_string());
    }

    /// Stops the worker, which must end in good order, and leaves the namespaces.
    pub(super) async fn pause(self) {
        self.workers.stop().await;
    }

    /// Stops the worker and takes the namespaces away.
    pub(super) async fn stop(mut self) {
        let (made, admin) = (std::mem::take(&mut self.made), self.admin.clone());
        self.pause().await;
        for name in made {
            admin.remove_namespace(&name).await;
        }
    }
}
