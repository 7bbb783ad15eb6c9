//! A worker is killed at every point of every step. Whatever happens, there is one repository with one commit, one
//! entity, one fenced namespace and one delivery that runs in the end. The cases come from the registry of steps; the counts from the Git host and
//! the API server, not from our own tables.

#![expect(clippy::panic, reason = "a test that cannot go on says why")]

use std::{
    process::{Child, Command, ExitStatus, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

use backend::{
    Db, DbSettings,
    audit::Actor,
    provisioning::set_budget,
    scaffold::{Acceptance, RunView, accept, find},
    testing::{self, world},
};
use domain::{
    access::{RoleGroups, Viewer},
    provisioning::Size,
    scaffold::{
        KillPoint, Plan, PlannedDelivery, PlannedEntity, PlannedLease, PlannedNamespace, PlannedRepository, RunState,
        StepKind,
    },
};
use serde_json::json;
use time::macros::datetime;
use tokio::{sync::Semaphore, task::LocalSet};
use uuid::Uuid;

use crate::stack::Stack;

/// Cases under way at once; each has a database of its own.
const AT_ONCE: usize = 4;
/// From the kill to the end of the run: a lease of 15 s, the next look, and the steps themselves.
const RECOVERY: Duration = Duration::from_secs(120);

#[tokio::test]
async fn killed_anywhere_everything_is_there_exactly_once() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let stack = Rc::new(Stack::read());
    world::organisation(&stack.git.url, &stack.git.token, TEAM).await.unwrap();
    let room = Rc::new(Semaphore::new(AT_ONCE));
    let cases = StepKind::ALL.into_iter().flat_map(|kind| KillPoint::ALL.map(|point| (kind, point)));
    let local = LocalSet::new();
    let running: Vec<_> = cases
        .map(|(kind, point)| {
            let (stack, room) = (stack.clone(), room.clone());
            local.spawn_local(async move {
                let _place = room.acquire().await.unwrap();
                Case::new(stack, kind, point).await.prove().await;
            })
        })
        .collect();
    assert_eq!(running.len(), StepKind::ALL.len() * 3);
    local.await;
    for case in running {
        case.await.unwrap();
    }
}

const TEAM: &str = "killers";
const GPU: &str = "nvidia.com/gpu";

struct Case {
    stack: Rc<Stack>,
    failpoint: String,
    database_url: String,
    db: Db,
    viewer: Viewer,
    run: Uuid,
    service: String,
}

impl Case {
    async fn new(stack: Rc<Stack>, kind: StepKind, point: KillPoint) -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres for tests");
        let database_url = testing::database_url(&server).await.unwrap();
        let db = Db::connect(&DbSettings { url: database_url.clone(), max_connections: 2 }).unwrap();
        testing::team(&db, TEAM).await.unwrap();
        set_budget(&db, &Actor::System("test"), TEAM, "local", GPU, 2).await.unwrap();
        let person = testing::person(&db, "developer", &[TEAM]).await.unwrap();
        let roles = RoleGroups { platform: "p".into(), operator: "o".into(), leadership: "l".into() };
        let viewer = backend::access::signed_in(&db, &roles, person.0).await.unwrap().viewer;
        let service = format!("k{}", &Uuid::new_v4().simple().to_string()[..10]);
        let (plan, hash) = testing::plan(&db, person, &plan(&service)).await.unwrap();
        let run = accept(&viewer, &db, &Acceptance { plan, hash }).await.unwrap();
        let failpoint = format!("{}:{}", kind.as_str(), point.as_str());
        Self { stack, failpoint, database_url, db, viewer, run, service }
    }

    async fn prove(self) {
        let mut doomed = self.worker(Some(&self.failpoint));
        let status = ended(&mut doomed, RECOVERY).await;
        assert!(!status.success(), "{}: the worker was not killed", self.failpoint);
        assert_ne!(self.view().await.state, RunState::Succeeded, "{}: it was killed too late", self.failpoint);
        let mut second = self.worker(None);
        let view = self.finished().await;
        let _ = second.kill();
        let _ = second.wait();
        assert_eq!(view.state, RunState::Succeeded, "{}: {:?}", self.failpoint, view.steps);
        self.count(&view).await;
    }

    /// One of everything, and what the ledger says is what is there.
    async fn count(&self, view: &RunView) {
        let (url, token) = (&self.stack.git.url, &self.stack.git.token);
        assert_eq!(world::repositories(url, token, &self.service).await.unwrap(), 1, "{}", self.failpoint);
        let commits = world::commits(url, token, &format!("{TEAM}/{}", self.service)).await.unwrap();
        assert_eq!(commits.len(), 1, "{}", self.failpoint);
        let recorded = view.effects.iter().find(|effect| effect.kind == "commit").and_then(|e| e.external_id.clone());
        assert_eq!(recorded.as_ref(), commits.first(), "{}", self.failpoint);
        let namespace = format!("{TEAM}-{}-dev", self.service);
        let objects = world::objects(&self.stack.kubeconfig, &namespace).await.unwrap();
        let expected = [
            ("Deployment", 1),
            ("GitRepository", 1),
            ("Kustomization", 1),
            ("LimitRange", 1),
            ("NetworkPolicy", 3),
            ("ResourceQuota", 2),
            ("RoleBinding", 3),
            ("ServiceAccount", 2),
        ];
        assert_eq!(objects, expected.into_iter().collect(), "{}", self.failpoint);
        for kind in ["repository", "commit", "catalog_entity", "namespace", "quota_request", "delivery"] {
            let made = view.effects.iter().filter(|effect| effect.kind == kind).count();
            assert_eq!(made, 1, "{}: {kind}", self.failpoint);
        }
    }

    fn worker(&self, failpoint: Option<&str>) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
        command
            .arg("work")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("DATABASE_URL", &self.database_url)
            .env("WAYMARK_OPS_LISTEN", "127.0.0.1:0")
            .env("WAYMARK_GIT_URL", &self.stack.git.url)
            .env("WAYMARK_GIT_TOKEN", &self.stack.git.token)
            .env("WAYMARK_KUBECONFIG", &self.stack.kubeconfigs.waymark)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(failpoint) = failpoint {
            command.env("WAYMARK_FAILPOINT", failpoint);
        }
        command.spawn().unwrap()
    }

    async fn view(&self) -> RunView {
        find(&self.viewer, &self.db, self.run).await.unwrap()
    }

    async fn finished(&self) -> RunView {
        let begun = Instant::now();
        loop {
            let view = self.view().await;
            if view.state.is_terminal() || begun.elapsed() > RECOVERY {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// Waits for the end of a process, and ends it after the limit.
async fn ended(child: &mut Child, limit: Duration) -> ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if begun.elapsed() > limit {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the worker never reached the point");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn plan(service: &str) -> Plan {
    Plan {
        golden_path: "web-service".into(),
        version: "1.0.0".into(),
        parameters: json!({ "name": service }),
        owner: format!("group:default/{TEAM}").parse().unwrap(),
        service: service.parse().unwrap(),
        planned_at: datetime!(2026-05-01 10:00 UTC),
        repository: PlannedRepository {
            owner: TEAM.into(),
            name: service.into(),
            description: "Made to be killed".into(),
        },
        files: testing::overlay(service, &format!("{TEAM}-{service}-dev"), "dev"),
        entity: PlannedEntity {
            reference: format!("component:default/{service}").parse().unwrap(),
            document: json!({"kind": "Component", "metadata": {"name": service}, "spec": {"owner": TEAM}}),
        },
        namespaces: vec![PlannedNamespace {
            cluster: "local".into(),
            name: format!("{TEAM}-{service}-dev"),
            environment: "dev".into(),
            size: Size::Small,
        }],
        reservations: vec![],
        leases: vec![PlannedLease {
            cluster: "local".into(),
            namespace: format!("{TEAM}-{service}-dev"),
            environment: "dev".into(),
            resource: GPU.into(),
            count: 1,
            days: 30,
            reason: "Made to be killed".into(),
        }],
        delivery: vec![PlannedDelivery {
            cluster: "local".into(),
            namespace: format!("{TEAM}-{service}-dev"),
            environment: "dev".into(),
            branch: "main".into(),
            folder: "deploy/overlays/dev".parse().unwrap(),
        }],
    }
}
