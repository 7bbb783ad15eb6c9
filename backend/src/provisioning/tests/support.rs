//! A worker on the test's own database, and the means to look at the cluster and to tamper with it.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use domain::{
    access::{PersonId, Role, Viewer},
    catalog::EntityRef,
    provisioning::{ConditionStatus, ConditionType, NamespaceView, Size},
};
use kube::{
    Api, Client, Config,
    api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
    config::{KubeConfigOptions, Kubeconfig as Document},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::{
    sync::{RwLock, RwLockReadGuard, watch},
    task::JoinHandle,
};
use uuid::Uuid;

use super::super::{Declaration, Declared, WorkerSettings, declare, find, run};
use crate::{
    Db, catalog,
    cluster::{Cluster, Kubeconfig, connect},
};

pub(super) const CLUSTER: &str = "local";
/// What a person would call "within seconds".
pub(super) const SOON: Duration = Duration::from_secs(20);
/// Nodes and the cluster's own pace belong to everybody: a test that changes them runs alone.
pub(super) static ALONE: RwLock<()> = RwLock::const_new(());

/// The same, of a service that the catalog knows.
pub(super) async fn known(db: &Db, declaration: Declaration) -> Declaration {
    let reference = EntityRef::new("component", "default", &declaration.service).unwrap();
    let document = json!({ "spec": { "owner": format!("group:default/{}", declaration.team) } });
    let mut tx = db.pool.begin().await.unwrap();
    catalog::register(&mut tx, &reference, &document, "test").await.unwrap();
    tx.commit().await.unwrap();
    declaration
}

pub(super) struct Rig {
    pub(super) db: Db,
    pub(super) cluster: Cluster,
    pub(super) admin: Client,
    stop: watch::Sender<bool>,
    worker: JoinHandle<()>,
    made: Vec<String>,
    _others: Option<RwLockReadGuard<'static, ()>>,
}

/// The kubeconfig at this JSON pointer of the file that `WAYMARK_STACK` names.
pub(super) fn kubeconfig(pointer: &str) -> PathBuf {
    let path = std::env::var("WAYMARK_STACK").expect(
        "set WAYMARK_STACK to a JSON file with `kubeconfig` and `kubeconfigs.waymark`; `cargo xtask test` starts a cluster and does so",
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("WAYMARK_STACK: {path}: {e}"));
    let stack: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("WAYMARK_STACK: {path}: {e}"));
    let found = stack.pointer(pointer).and_then(Value::as_str);
    PathBuf::from(found.unwrap_or_else(|| panic!("WAYMARK_STACK: {path} has no {pointer}")))
}

pub(super) async fn client(pointer: &str) -> Client {
    let document = Document::read_from(kubeconfig(pointer)).unwrap();
    let config = Config::from_custom_kubeconfig(document, &KubeConfigOptions::default()).await.unwrap();
    Client::try_from(config).unwrap()
}

pub(super) async fn platform() -> Cluster {
    connect(CLUSTER, &Kubeconfig::File(kubeconfig("/kubeconfigs/waymark"))).await.unwrap()
}

pub(super) fn settings() -> WorkerSettings {
    WorkerSettings { concurrency: 4, poll_every: Duration::from_secs(1), ..WorkerSettings::default() }
}

pub(super) fn api(client: &Client, kind: &str, namespace: &str) -> Api<DynamicObject> {
    let (group, plural) = match kind {
        "Namespace" => ("", "namespaces"),
        "ResourceQuota" => ("", "resourcequotas"),
        "LimitRange" => ("", "limitranges"),
        "ServiceAccount" => ("", "serviceaccounts"),
        "Secret" => ("", "secrets"),
        "Pod" => ("", "pods"),
        "Node" => ("", "nodes"),
        "NetworkPolicy" => ("networking.k8s.io", "networkpolicies"),
        "RoleBinding" => ("rbac.authorization.k8s.io", "rolebindings"),
        "ClusterRoleBinding" => ("rbac.authorization.k8s.io", "clusterrolebindings"),
        other => panic!("{other}"),
    };
    let resource = ApiResource {
        group: group.into(),
        version: "v1".into(),
        api_version: if group.is_empty() { "v1".into() } else { format!("{group}/v1") },
        kind: kind.into(),
        plural: plural.into(),
    };
    if namespace.is_empty() {
        Api::all_with(client.clone(), &resource)
    } else {
        Api::namespaced_with(client.clone(), namespace, &resource)
    }
}

pub(super) fn viewer(team: &str, roles: &[Role]) -> Viewer {
    Viewer {
        person: PersonId(Uuid::new_v4()),
        login: "somebody".into(),
        name: "Some Body".into(),
        groups: vec![team.to_owned()],
        roles: roles.to_vec(),
        teams: vec![team.to_owned()],
    }
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

/// Asks again until there is an answer, for at most [`SOON`].
pub(super) async fn eventually<T, F: Future<Output = std::result::Result<T, String>>>(
    what: &str,
    mut ask: impl FnMut() -> F,
) -> T {
    let start = Instant::now();
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(so_far) if start.elapsed() > SOON => panic!("{what}: not within {SOON:?}; last: {so_far}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

impl Rig {
    pub(super) async fn start(pool: PgPool) -> Self {
        let guard = ALONE.read().await;
        Self { _others: Some(guard), ..Self::start_on(pool, platform().await).await }
    }

    pub(super) async fn start_on(pool: PgPool, cluster: Cluster) -> Self {
        let db = Db::of_pool(pool);
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(run(db.clone(), cluster.clone(), settings(), stopped));
        let rig = Self { db, cluster, admin: client("/kubeconfig").await, stop, worker, made: vec![], _others: None };
        eventually("the cluster is registered", || async {
            let known =
                sqlx::query_scalar::<_, i64>("select count(*) from cluster").fetch_one(&rig.db.pool).await.unwrap();
            if known == 1 { Ok(()) } else { Err("no row".into()) }
        })
        .await;
        rig
    }

    pub(super) async fn declare(&mut self) -> Declared {
        let declared =
            declare(&viewer("payments", &[]), &self.db, &known(&self.db, declaration()).await).await.unwrap();
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
        find(&viewer("payments", &[]), &self.db, CLUSTER, declared.name.as_str()).await.unwrap()
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

    pub(super) async fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<Value> {
        let home = if kind == "Namespace" { "" } else { namespace };
        let object = api(&self.admin, kind, home).get_opt(name).await.unwrap();
        object.map(|object| serde_json::to_value(object).unwrap())
    }

    /// As somebody with `kubectl edit` and the administrator's kubeconfig.
    pub(super) async fn tamper(&self, kind: &str, namespace: &str, name: &str, patch: Value) {
        let home = if kind == "Namespace" { "" } else { namespace };
        let params = PatchParams { field_manager: Some("kubectl-edit".into()), ..PatchParams::default() };
        api(&self.admin, kind, home).patch(name, &params, &Patch::Merge(patch)).await.unwrap();
    }

    pub(super) async fn create(&self, kind: &str, namespace: &str, object: Value) {
        let object: DynamicObject = serde_json::from_value(object).unwrap();
        api(&self.admin, kind, namespace).create(&PostParams::default(), &object).await.unwrap();
    }

    pub(super) async fn delete(&self, kind: &str, namespace: &str, name: &str) {
        let home = if kind == "Namespace" { "" } else { namespace };
        api(&self.admin, kind, home).delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// Removes a namespace at the end that another rig has made.
    pub(super) fn takes_over(&mut self, declared: &Declared) {
        self.made.push(declared.name.to_string());
    }

    /// Stops the worker, which must end in good order, and leaves the namespaces.
    pub(super) async fn pause(self) {
        self.stop.send(true).unwrap();
        tokio::time::timeout(SOON, self.worker).await.expect("the worker stops").unwrap();
    }

    /// Stops the worker and takes the namespaces away.
    pub(super) async fn stop(mut self) {
        let (made, admin) = (std::mem::take(&mut self.made), self.admin.clone());
        self.pause().await;
        for name in made {
            remove_namespace(&admin, &name).await;
        }
    }
}

/// Takes the protection off and deletes. A worker puts the protection back within milliseconds, so both are tried again.
pub(super) async fn remove_namespace(admin: &Client, name: &str) {
    let namespaces = api(admin, "Namespace", "");
    let unprotected = json!({ "metadata": { "annotations": { "waymark.dev/deletion-protection": null } } });
    eventually("the namespace is deleted", || async {
        if namespaces.patch(name, &PatchParams::default(), &Patch::Merge(&unprotected)).await.is_err() {
            return Ok(());
        }
        namespaces.delete(name, &DeleteParams::default()).await.map(|_| ()).map_err(|e| e.to_string())
    })
    .await;
}
