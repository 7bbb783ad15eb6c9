//! Both workers on the test's own database.
//!
//! * `service`: something to deliver. * `clone`: its repository, as a developer has it. * `change`: what people agree to.

mod change;
mod clone;
mod service;

use std::{sync::Arc, time::Duration};

use domain::access::Viewer;
use sqlx::PgPool;

pub(in crate::delivery::tests) use self::service::{Service, unpin};
use super::super::{DeliveryView, WorkerSettings, of_service, run};
use crate::{
    Db,
    git_host::{self, GitHost},
    provisioning,
    testing::{
        self,
        rig::{self, Admin, Workers, eventually, platform},
    },
};

pub(in crate::delivery::tests) const TEAM: &str = "deliverers";

pub(in crate::delivery::tests) struct Rig {
    pub(in crate::delivery::tests) db: Db,
    pub(in crate::delivery::tests) git: Arc<dyn GitHost>,
    pub(in crate::delivery::tests) admin: Admin,
    workers: Workers,
    made: Vec<String>,
}

/// Of the team that owns all services of these tests.
pub(in crate::delivery::tests) fn member() -> Viewer {
    testing::viewer(&[TEAM], &[])
}

impl Rig {
    pub(in crate::delivery::tests) async fn start(pool: PgPool) -> Self {
        Self::with(pool, WorkerSettings { source_interval: 5, ..WorkerSettings::default() }).await
    }

    pub(in crate::delivery::tests) async fn with(pool: PgPool, deliveries: WorkerSettings) -> Self {
        let db = Db::of_pool(pool);
        let (cluster, git) = (platform().await, git_host::connect(&rig::git_host()).unwrap());
        let poll_every = Duration::from_secs(1);
        let namespaces = provisioning::WorkerSettings { poll_every, ..provisioning::WorkerSettings::default() };
        let deliveries = WorkerSettings { poll_every, ..deliveries };
        let mut workers = Workers::new();
        workers.start(|stop| provisioning::run(db.clone(), cluster.clone(), namespaces, stop));
        workers.start(|stop| run(db.clone(), cluster, git.clone(), deliveries, stop));
        testing::team(&db, TEAM).await.unwrap();
        workers.until_registered(&db).await;
        Self { db, git, admin: Admin::connect().await, workers, made: vec![] }
    }

    /// Somebody who has signed in before.
    pub(in crate::delivery::tests) async fn person(&self, login: &str, groups: &[&str]) -> Viewer {
        testing::signed_in(&self.db, login, groups).await.unwrap()
    }

    pub(in crate::delivery::tests) async fn view(&self, service: &Service, environment: &str) -> DeliveryView {
        let reference = format!("component:default/{}", service.name).parse().unwrap();
        let mut all = of_service(&member(), &self.db, &reference).await.unwrap();
        let at = all.iter().position(|view| view.environment == environment).unwrap();
        all.swap_remove(at)
    }

    pub(in crate::delivery::tests) async fn until(
        &self,
        service: &Service,
        environment: &str,
        what: &str,
        holds: impl Fn(&DeliveryView) -> bool,
    ) -> DeliveryView {
        eventually(what, || async {
            let view = self.view(service, environment).await;
            if holds(&view) { Ok(view) } else { Err(serde_json::to_string_pretty(&view).unwrap()) }
        })
        .await
    }

    /// Ends the workers in good order and takes the namespaces away, the engine's objects first.
    pub(in crate::delivery::tests) async fn stop(self) {
        self.workers.stop().await;
        for namespace in &self.made {
            self.admin.undeliver(namespace).await;
            self.admin.remove_namespace(namespace).await;
        }
    }
}
