//! Both workers on the test's own database, a service with its repository, and the means to push and to tamper.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{
    access::{PersonId, Role, Viewer},
    delivery::ChangeState,
    provisioning::Size,
    scaffold::tree::{
        CommitId, CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, Signature,
    },
};
use kube::{
    Api, Client, Config,
    api::{ApiResource, DeleteParams, DynamicObject, Patch, PatchParams},
    config::{KubeConfigOptions, Kubeconfig as Document},
};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use time::macros::datetime;
use tokio::{sync::watch, task::JoinHandle};
use uuid::Uuid;

use super::super::{
    ChangeRequest, ChangeView, DeliveryView, Wanted, WorkerSettings, approve, confirm, ensure_declared, find_change,
    of_service, request, run,
};
use crate::{
    Db,
    cluster::{Kubeconfig, connect},
    git_host::{
        self, Branch, Deadlines, GitHost, GitHostKind, GitHostSettings, NewBranch, NewRepository, Organisation,
        RepositoryName, Revision, Update, Visibility,
    },
    provisioning::{self, Declaration},
    testing,
};

pub(super) const CLUSTER: &str = "local";
pub(super) const TEAM: &str = "deliverers";
const SOON: Duration = Duration::from_secs(40);

pub(super) struct Rig {
    pub(super) db: Db,
    pub(super) git: Arc<dyn GitHost>,
    admin: Client,
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
    made: Vec<String>,
}

/// A service with a repository and an overlay for each environment.
pub(super) struct Service {
    pub(super) name: String,
    pub(super) repository: RepositoryName,
    pub(super) first: CommitId,
}

impl Service {
    pub(super) fn namespace(&self, environment: &str) -> String {
        format!("{TEAM}-{}-{environment}", self.name)
    }

    pub(super) fn overlay(&self, environment: &str) -> String {
        format!("deploy/overlays/{environment}/kustomization.yaml")
    }
}

fn stack() -> Value {
    let path = std::env::var("WAYMARK_STACK").expect("WAYMARK_STACK names the description of a running stack");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub(super) fn text(pointer: &str) -> String {
    stack().pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("the stack has no {pointer}")).to_owned()
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
        Self::with(pool, WorkerSettings { source_interval: 5, ..WorkerSettings::default() }).await
    }

    pub(super) async fn with(pool: PgPool, deliveries: WorkerSettings) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let db = Db::of_pool(pool);
        let cluster = connect(CLUSTER, &Kubeconfig::File(PathBuf::from(text("/kubeconfigs/waymark")))).await.unwrap();
        let settings = GitHostSettings {
            kind: GitHostKind::Gitea,
            url: text("/git/url").parse().unwrap(),
            token: text("/git/token").into(),
            deadlines: Deadlines::default(),
        };
        let git = git_host::connect(&settings).unwrap();
        let document = Document::read_from(text("/kubeconfig")).unwrap();
        let config = Config::from_custom_kubeconfig(document, &KubeConfigOptions::default()).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let poll_every = Duration::from_secs(1);
        let namespaces = provisioning::WorkerSettings { poll_every, ..provisioning::WorkerSettings::default() };
        let deliveries = WorkerSettings { poll_every, ..deliveries };
        let workers = vec![
            tokio::spawn(provisioning::run(db.clone(), cluster.clone(), namespaces, stopped.clone())),
            tokio::spawn(run(db.clone(), cluster, git.clone(), deliveries, stopped)),
        ];
        testing::team(&db, TEAM).await.unwrap();
        let rig = Self { db, git, admin: Client::try_from(config).unwrap(), stop, workers, made: vec![] };
        eventually("the cluster is registered", || async {
            let known = provisioning::is_connected(&rig.db, CLUSTER).await.unwrap();
            if known { Ok(()) } else { Err("no row".into()) }
        })
        .await;
        rig
    }

    /// Somebody who has signed in before.
    pub(super) async fn viewer(&self, login: &str, groups: &[&str], roles: &[Role]) -> Viewer {
        let person = testing::person(&self.db, login, groups).await.unwrap();
        let teams = groups.iter().filter(|g| **g == TEAM).map(|g| (*g).to_owned()).collect();
        Viewer {
            person,
            login: login.to_owned(),
            name: login.to_owned(),
            groups: groups.iter().map(|g| (*g).to_owned()).collect(),
            roles: roles.to_vec(),
            teams,
        }
    }

    pub(super) fn member() -> Viewer {
        Viewer {
            person: PersonId(Uuid::nil()),
            login: "member".into(),
            name: "Member".into(),
            groups: vec![TEAM.into()],
            roles: vec![],
            teams: vec![TEAM.into()],
        }
    }

    /// Namespaces, repository and first commit, and the delivery of each environment; `deployment` may change the base.
    pub(super) async fn service(&mut self, environments: &[&str], change: impl Fn(String) -> String) -> Service {
        let name = format!("d{}", &Uuid::new_v4().simple().to_string()[..8]);
        let repository_name: RepositoryName = format!("{TEAM}/{name}").parse().unwrap();
        let mut files = FileTree::new();
        for environment in environments {
            for file in testing::overlay(&name, &format!("{TEAM}-{name}-{environment}"), environment) {
                let _ = files.insert(file.path, FileContent::text(change(file.content)));
            }
        }
        let organisation = Organisation { name: TEAM.parse().unwrap(), visibility: Visibility::Private };
        // The host stumbles when several make the same one at once.
        eventually("the organisation is there", || async {
            self.git.ensure_organisation(&organisation).await.map_err(|error| error.to_string())
        })
        .await;
        let run = Uuid::new_v4();
        let repository = NewRepository {
            name: repository_name.clone(),
            description: OneLine::new("Delivered").unwrap(),
            visibility: Visibility::Private,
            run,
        };
        self.git.create_repository(&repository).await.unwrap();
        let first = commit(Content::Initial(files), "Create it", run);
        let NewBranch::Pushed(first) =
            self.git.push_new_branch(&repository_name, &Branch::main(), &first).await.unwrap()
        else {
            panic!("the name is taken")
        };
        let service = Service { name, repository: repository_name, first };
        for environment in environments {
            self.declare(&service, environment).await;
        }
        service
    }

    async fn declare(&mut self, service: &Service, environment: &str) {
        let tx = self.declared(service, environment).await;
        tx.commit().await.unwrap();
    }

    /// As it was declared before there were pins.
    pub(super) async fn declare_unpinned(&mut self, service: &Service, environment: &str) {
        let mut tx = self.declared(service, environment).await;
        unpin(&mut tx).await;
        tx.commit().await.unwrap();
    }

    async fn declared(&mut self, service: &Service, environment: &str) -> Transaction<'static, Postgres> {
        let declaration = Declaration {
            cluster: CLUSTER.into(),
            team: TEAM.into(),
            service: service.name.clone(),
            environment: environment.into(),
            size: Size::Small,
            editors: vec![format!("oidc:{TEAM}")],
            viewers: vec![],
        };
        let mut tx = self.db.pool.begin().await.unwrap();
        provisioning::ensure_declared(&mut tx, &declaration).await.unwrap();
        let wanted = Wanted {
            cluster: CLUSTER.into(),
            namespace: service.namespace(environment),
            repository: service.repository.clone(),
            branch: "main".into(),
            folder: format!("deploy/overlays/{environment}").parse().unwrap(),
            starter_image: Some(testing::OVERLAY_IMAGE.into()),
            first_commit: service.first.clone(),
        };
        assert!(ensure_declared(&mut tx, &wanted).await.unwrap());
        assert!(!ensure_declared(&mut tx, &wanted).await.unwrap(), "the second time it is there");
        self.made.push(service.namespace(environment));
        tx
    }

    /// Asked for by a developer and worked out.
    pub(super) async fn ready(&self, wanted: &ChangeRequest) -> ChangeView {
        let developer = self.viewer("developer", &[TEAM], &[]).await;
        let change = request(&developer, &self.db, wanted).await.unwrap();
        self.until_state(change, ChangeState::Ready).await
    }

    /// Confirmed by the developer who asked, and approved by a lead.
    pub(super) async fn agreed(&self, change: Uuid) {
        let developer = self.viewer("developer", &[TEAM], &[]).await;
        let lead = self.viewer("lead", &[TEAM, "deliverers-leads"], &[]).await;
        confirm(&developer, &self.db, change).await.unwrap();
        approve(&lead, &self.db, change).await.unwrap();
    }

    pub(super) async fn approved(&self, change: Uuid) -> ChangeView {
        self.agreed(change).await;
        self.until_state(change, ChangeState::Synced).await
    }

    pub(super) async fn until_state(&self, change: Uuid, state: ChangeState) -> ChangeView {
        eventually(state.as_str(), || async {
            let view = find_change(&Self::member(), &self.db, change).await.unwrap();
            if view.state == state { Ok(view) } else { Err(format!("{view:?}")) }
        })
        .await
    }

    pub(super) async fn view(&self, service: &Service, environment: &str) -> DeliveryView {
        let reference = format!("component:default/{}", service.name).parse().unwrap();
        let mut all = of_service(&Self::member(), &self.db, &reference).await.unwrap();
        let at = all.iter().position(|view| view.environment == environment).unwrap();
        all.swap_remove(at)
    }

    pub(super) async fn until(
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

    /// As a developer with a clone: on top of the head, whatever it is.
    pub(super) async fn push(
        &self,
        service: &Service,
        subject: &str,
        write: &[(&str, &str)],
        remove: &[&str],
    ) -> CommitId {
        let mut files = FileTree::new();
        for (path, text) in write {
            files.insert(path.parse().unwrap(), FileContent::text(*text)).unwrap();
        }
        let remove: BTreeSet<_> = remove.iter().map(|path| path.parse().unwrap()).collect();
        let parent = self.head(service).await;
        let spec = commit(Content::Update { parent, remove, write: files }, subject, Uuid::new_v4());
        match self.git.push_update(&service.repository, &Branch::main(), &spec).await.unwrap() {
            Update::Pushed(id) => id,
            other => panic!("{other:?}"),
        }
    }

    pub(super) async fn head(&self, service: &Service) -> CommitId {
        self.git.branch_head(&service.repository, &Branch::main()).await.unwrap().unwrap()
    }

    pub(super) async fn read(&self, service: &Service, path: &str) -> String {
        let at = Revision::Branch(Branch::main());
        match self.git.read_file(&service.repository, &at, &path.parse().unwrap()).await.unwrap() {
            git_host::FileAt::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
            other => panic!("{path}: {other:?}"),
        }
    }

    fn api(&self, kind: &str, namespace: &str) -> Api<DynamicObject> {
        let (group, plural) = match kind {
            "GitRepository" => ("source.toolkit.fluxcd.io", "gitrepositories"),
            "Kustomization" => ("kustomize.toolkit.fluxcd.io", "kustomizations"),
            "Deployment" => ("apps", "deployments"),
            "RoleBinding" => ("rbac.authorization.k8s.io", "rolebindings"),
            "NetworkPolicy" => ("networking.k8s.io", "networkpolicies"),
            "Secret" => ("", "secrets"),
            "Node" => ("", "nodes"),
            "Namespace" => ("", "namespaces"),
            other => panic!("{other}"),
        };
        let api_version = if group.is_empty() { "v1".into() } else { format!("{group}/v1") };
        let (group, version, plural) = (group.into(), "v1".into(), plural.into());
        let resource = ApiResource { group, version, api_version, kind: kind.into(), plural };
        if namespace.is_empty() {
            Api::all_with(self.admin.clone(), &resource)
        } else {
            Api::namespaced_with(self.admin.clone(), namespace, &resource)
        }
    }

    pub(super) async fn get(&self, kind: &str, namespace: &str, name: &str) -> Option<Value> {
        let object = self.api(kind, namespace).get_opt(name).await.unwrap();
        object.map(|object| serde_json::to_value(object).unwrap())
    }

    /// As somebody with `kubectl edit` and the administrator's kubeconfig.
    pub(super) async fn tamper(&self, kind: &str, namespace: &str, name: &str, patch: Value) {
        let params = PatchParams { field_manager: Some("kubectl-edit".into()), ..PatchParams::default() };
        self.api(kind, namespace).patch(name, &params, &Patch::Merge(patch)).await.unwrap();
    }

    pub(super) async fn delete(&self, kind: &str, namespace: &str, name: &str) {
        self.api(kind, namespace).delete(name, &DeleteParams::default()).await.unwrap();
    }

    /// Ends the workers in good order and takes the namespaces away, the engine's objects first.
    pub(super) async fn stop(mut self) {
        self.stop.send(true).unwrap();
        for worker in std::mem::take(&mut self.workers) {
            tokio::time::timeout(SOON, worker).await.expect("the worker stops").unwrap();
        }
        for namespace in &self.made {
            for (kind, name) in [("Kustomization", "waymark-delivery"), ("GitRepository", "waymark-source")] {
                let _ = self.api(kind, namespace).delete(name, &DeleteParams::default()).await;
            }
            let unprotected = json!({ "metadata": { "annotations": { "waymark.dev/deletion-protection": null } } });
            self.tamper("Namespace", "", namespace, unprotected).await;
            self.delete("Namespace", "", namespace).await;
        }
    }
}

/// Takes all pins away, which the table itself refuses.
pub(super) async fn unpin(connection: &mut PgConnection) {
    for statement in [
        "alter table delivery_pin disable trigger user",
        "delete from delivery_pin",
        "alter table delivery_pin enable trigger user",
    ] {
        sqlx::query(statement).execute(&mut *connection).await.unwrap();
    }
}

fn commit(content: Content, subject: &str, run: Uuid) -> CommitSpec {
    CommitSpec {
        content,
        message: CommitMessage { subject: OneLine::new(subject).unwrap(), run, co_author: None },
        author: Signature::new("Devi Raman", "developer@waymark.example").unwrap(),
        at: CommitTime::of(datetime!(2026-05-01 10:00 UTC)),
    }
}
