//! One run of everything that runs do, carried out by worker processes that a test can start, kill and cut off, and
//! counted in the end: by the Git host and the API server, not by our own tables.

#![expect(clippy::panic, reason = "a test that cannot go on says why")]

use std::{
    path::PathBuf,
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
        Plan, PlannedDelivery, PlannedEntity, PlannedLease, PlannedNamespace, PlannedRepository, Reservation, RunState,
    },
};
use serde_json::json;
use time::macros::datetime;
use uuid::Uuid;

use crate::{stack::Stack, support::WEBHOOK_SECRET};

/// A run that was accepted and that nobody works on yet.
pub(crate) struct WholeRun {
    pub(crate) stack: Rc<Stack>,
    /// Of a database of its own.
    pub(crate) database_url: String,
    db: Db,
    pub(crate) viewer: Viewer,
    run: Uuid,
    team: &'static str,
    pub(crate) service: String,
}

/// How a worker reaches the world.
pub(crate) struct Reach {
    pub(crate) database_url: String,
    pub(crate) git_url: String,
    pub(crate) kubeconfig: PathBuf,
    pub(crate) failpoint: Option<String>,
    /// Where the Git host tells of pushes. Then the delivery engine does not ask it by itself.
    pub(crate) web: Option<String>,
}

/// A worker process; it is killed with the value.
pub(crate) struct WorkerProcess(Child);

/// From a kill to the end of the run: a lease of 15 s, the next look, and the steps themselves.
pub(crate) const RECOVERY: Duration = Duration::from_secs(120);
const GPU: &str = "nvidia.com/gpu";
/// All that the team may be promised, so that a promise that outlives its lease would stand in the way of it.
const CARDS: u16 = 2;
/// Nobody listens there.
const WEB: &str = "http://localhost:9";

impl WholeRun {
    pub(crate) async fn accepted(stack: Rc<Stack>, team: &'static str) -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres for tests");
        Self::accepted_on(stack, team, &server).await
    }

    /// The same on a database server that the test chooses.
    pub(crate) async fn accepted_on(stack: Rc<Stack>, team: &'static str, server: &str) -> Self {
        let database_url = testing::database_url(server).await.unwrap();
        let db = Db::connect(&DbSettings { url: database_url.clone(), max_connections: 2 }).unwrap();
        testing::team(&db, team).await.unwrap();
        set_budget(&db, &Actor::System("test"), team, "local", GPU, CARDS.into()).await.unwrap();
        let person = testing::person(&db, "developer", &[team]).await.unwrap();
        let roles = RoleGroups { platform: "p".into(), operator: "o".into(), leadership: "l".into() };
        let viewer = backend::access::signed_in(&db, &roles, person.0).await.unwrap().viewer;
        let service = format!("k{}", &Uuid::new_v4().simple().to_string()[..10]);
        let (plan, hash) = testing::plan(&db, person, &plan(team, &service)).await.unwrap();
        let run = accept(&viewer, &db, &Acceptance { plan, hash }).await.unwrap();
        Self { stack, database_url, db, viewer, run, team, service }
    }

    /// The way that nothing stands in.
    pub(crate) fn reach(&self) -> Reach {
        Reach {
            database_url: self.database_url.clone(),
            git_url: self.stack.git.url.clone(),
            kubeconfig: self.stack.kubeconfigs.waymark.clone(),
            failpoint: None,
            web: None,
        }
    }

    pub(crate) fn worker(&self, reach: &Reach) -> WorkerProcess {
        let mut command = Command::new(env!("CARGO_BIN_EXE_waymark"));
        command
            .arg("work")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("DATABASE_URL", &reach.database_url)
            .env("WAYMARK_OPS_LISTEN", "127.0.0.1:0")
            .env("WAYMARK_GIT_URL", &reach.git_url)
            .env("WAYMARK_GIT_TOKEN", &self.stack.git.token)
            .env("WAYMARK_KUBECONFIG", &reach.kubeconfig)
            .env("WAYMARK_PUBLIC_URL", reach.web.as_deref().unwrap_or(WEB))
            .env("WAYMARK_WEBHOOK_SECRET", WEBHOOK_SECRET)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if reach.web.is_some() {
            command.env("WAYMARK_DELIVERY_INTERVAL", "3600");
        }
        if let Some(failpoint) = &reach.failpoint {
            command.env("WAYMARK_FAILPOINT", failpoint);
        }
        WorkerProcess(command.spawn().unwrap())
    }

    pub(crate) async fn view(&self) -> RunView {
        find(&self.viewer, &self.db, self.run).await.unwrap()
    }

    /// The run at its end, or at the end of all patience.
    pub(crate) async fn finished(&self) -> RunView {
        self.reached(|view| view.state.is_terminal()).await
    }

    /// The run as it is when the condition holds, or at the end of all patience. A database that is away is waited for.
    pub(crate) async fn reached(&self, is_there: impl Fn(&RunView) -> bool) -> RunView {
        let begun = Instant::now();
        loop {
            match find(&self.viewer, &self.db, self.run).await {
                Ok(view) if is_there(&view) || begun.elapsed() > RECOVERY => return view,
                Err(error) if begun.elapsed() > RECOVERY => panic!("the run cannot be read: {error}"),
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// One of everything, and what the ledger says is what is there.
    pub(crate) async fn count(&self, case: &str) {
        let view = self.view().await;
        assert_eq!(view.state, RunState::Succeeded, "{case}: {:?}", view.steps);
        let (url, token) = (&self.stack.git.url, &self.stack.git.token);
        assert_eq!(world::repositories(url, token, &self.service).await.unwrap(), 1, "{case}");
        let repository = format!("{}/{}", self.team, self.service);
        let commits = world::commits(url, token, &repository).await.unwrap();
        assert_eq!(commits.len(), 1, "{case}");
        let recorded = view.effects.iter().find(|effect| effect.kind == "commit").and_then(|e| e.external_id.clone());
        assert_eq!(recorded.as_ref(), commits.first(), "{case}");
        let webhooks = world::webhooks(url, token, &repository).await.unwrap();
        assert_eq!(webhooks, [format!("{WEB}/webhooks/gitea")], "{case}");
        assert_eq!(world::protected(url, token, &repository).await.unwrap(), ["main"], "{case}");
        let namespace = format!("{}-{}-dev", self.team, self.service);
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
        assert_eq!(objects, expected.into_iter().collect(), "{case}");
        assert_eq!(testing::promised_and_leased(&self.db).await.unwrap(), (0, CARDS.into()), "{case}");
        let (kubeconfig, wanted) = (&self.stack.kubeconfig, CARDS.to_string());
        let enforced = world::cards(kubeconfig, &namespace, GPU, &wanted).await.unwrap();
        assert_eq!(enforced, Some(wanted), "{case}: cards that the cluster lets in");
        for kind in ["repository", "webhook", "commit", "catalog_entity", "namespace", "quota_request", "delivery"] {
            let made = view.effects.iter().filter(|effect| effect.kind == kind).count();
            assert_eq!(made, 1, "{case}: {kind}");
        }
    }
}

impl WorkerProcess {
    /// Waits until it has ended by itself.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < RECOVERY, "the worker never reached the point");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// One step of every kind, and cards that are promised before they are leased.
pub(crate) fn plan(team: &str, service: &str) -> Plan {
    Plan {
        golden_path: "web-service".into(),
        version: "1.0.0".into(),
        parameters: json!({ "name": service }),
        owner: format!("group:default/{team}").parse().unwrap(),
        service: service.parse().unwrap(),
        planned_at: datetime!(2026-05-01 10:00 UTC),
        repository: PlannedRepository {
            owner: team.into(),
            name: service.into(),
            description: "Made to be disturbed".into(),
        },
        files: testing::overlay(service, &format!("{team}-{service}-dev"), "dev"),
        entity: PlannedEntity {
            reference: format!("component:default/{service}").parse().unwrap(),
            document: json!({"kind": "Component", "metadata": {"name": service}, "spec": {"owner": team}}),
        },
        namespaces: vec![PlannedNamespace {
            cluster: "local".into(),
            name: format!("{team}-{service}-dev"),
            environment: "dev".into(),
            size: Size::Small,
        }],
        reservations: vec![Reservation { cluster: "local".into(), resource: GPU.into(), amount: CARDS }],
        leases: vec![PlannedLease {
            cluster: "local".into(),
            namespace: format!("{team}-{service}-dev"),
            environment: "dev".into(),
            resource: GPU.into(),
            count: CARDS,
            days: 30,
            reason: "Made to be disturbed".into(),
        }],
        delivery: vec![PlannedDelivery {
            cluster: "local".into(),
            namespace: format!("{team}-{service}-dev"),
            environment: "dev".into(),
            branch: "main".into(),
            folder: "deploy/overlays/dev".parse().unwrap(),
        }],
    }
}
