//! Plans against the real API server and Git host: what is told before anything is done, and that nothing is.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use backend::{
    Db, DbSettings,
    audit::Actor,
    cluster::{self, Cluster, Kubeconfig},
    git_host::{self, Deadlines, GitHost, GitHostKind, GitHostSettings},
    golden_paths::{self, GoldenPath, PathFiles, SourceFile},
    kustomize::Kustomize,
    provisioning::set_budget,
    renderer::Renderer,
    scaffold::{PlanView, Planner, PlannerSettings, StarterImage, find_plan, request_plan},
    testing::{self, world},
};
use domain::{
    access::{RoleGroups, Viewer},
    scaffold::{CheckedIn, EffectKind, ObjectVerdict, PlanState, Verdict},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stack::Stack;

const TEAM: &str = "planners";
const GPU: &str = "nvidia.com/gpu";

struct World {
    stack: Stack,
    db: Db,
    viewer: Viewer,
    planner: Planner,
    service: String,
}

impl World {
    async fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let stack = Stack::read();
        let kubeconfig = Kubeconfig::File(stack.kubeconfigs.waymark.clone());
        let cluster = cluster::connect("local", &kubeconfig).await.unwrap();
        Self::with(stack, cluster).await
    }

    async fn with(stack: Stack, cluster: Cluster) -> Self {
        let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names a Postgres for tests");
        let url = testing::database_url(&server).await.unwrap();
        let db = Db::connect(&DbSettings { url, max_connections: 4 }).unwrap();
        testing::team(&db, TEAM).await.unwrap();
        let person = testing::person(&db, "developer", &[TEAM]).await.unwrap();
        let roles = RoleGroups { platform: "p".into(), operator: "o".into(), leadership: "l".into() };
        let viewer = backend::access::signed_in(&db, &roles, person.0).await.unwrap().viewer;
        let planner = Planner {
            db: db.clone(),
            git_host: git_host(&stack),
            cluster: Some(cluster),
            renderer: Renderer::of_program(env!("CARGO_BIN_EXE_waymark")),
            kustomize: Kustomize::at(std::env::var("WAYMARK_KUSTOMIZE").unwrap_or_else(|_| "kustomize".into())),
            settings: PlannerSettings {
                git_url: stack.git.url.clone(),
                cluster: "local".into(),
                starter: StarterImage {
                    name: "registry.example.com/starter".into(),
                    digest: format!("sha256:{}", "0f".repeat(32)),
                },
                makes_webhooks: true,
            },
        };
        let service = format!("p{}", &Uuid::new_v4().simple().to_string()[..10]);
        Self { stack, db, viewer, planner, service }
    }

    async fn publish(&self, path: &str, change: impl Fn(&str, String) -> String) {
        let files = PathFiles::from_folder(&shipped(path)).unwrap();
        let changed: BTreeMap<String, SourceFile> = files
            .below("")
            .into_iter()
            .map(|(name, file)| {
                let bytes = match file.text() {
                    Some(text) => change(name, text.to_owned()).into_bytes(),
                    None => file.bytes.clone(),
                };
                (name.to_owned(), SourceFile { bytes, executable: file.executable })
            })
            .collect();
        let path = GoldenPath::read(PathFiles::new(changed)).unwrap();
        golden_paths::publish(&self.db, &Actor::System("test"), path).await.unwrap();
    }

    async fn plan(&self, path: &str, more: Value) -> PlanView {
        let mut parameters = json!({ "name": self.service, "owner": format!("group:default/{TEAM}") });
        parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let id = request_plan(&self.viewer, &self.db, path, &parameters).await.unwrap();
        assert!(self.planner.work_once().await.unwrap());
        find_plan(&self.viewer, &self.db, id).await.unwrap()
    }

    async fn namespaces(&self) -> usize {
        let mut found = 0;
        for environment in ["dev", "staging", "prod"] {
            let namespace = format!("{TEAM}-{}-{environment}", self.service);
            found += world::objects(&self.stack.kubeconfig, &namespace).await.unwrap().values().sum::<usize>();
        }
        found
    }
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden-paths").join(name)
}

fn git_host(stack: &Stack) -> Arc<dyn GitHost> {
    let settings = GitHostSettings {
        kind: GitHostKind::Gitea,
        url: stack.git.url.parse().unwrap(),
        token: stack.git.token.clone().into(),
        deadlines: Deadlines::default(),
    };
    git_host::connect(&settings).unwrap()
}

fn unchanged(_: &str, text: String) -> String {
    text
}

fn all<'a>(plan: &'a PlanView, kind: &str) -> Vec<&'a ObjectVerdict> {
    plan.review.objects.iter().filter(|object| object.kind == kind).collect()
}

fn refused(plan: &PlanView) -> Vec<String> {
    let open = plan.review.objects.iter().filter(|object| object.verdict != Verdict::Accepted);
    open.map(|object| format!("{} {}: {:?}", object.kind, object.name, object.message)).collect()
}

#[tokio::test]
async fn a_shipped_path_is_accepted_by_the_cluster_whole_and_nothing_is_made() {
    let world = World::new().await;
    world.publish("web-service", unchanged).await;
    let plan = world.plan("web-service", json!({})).await;
    assert_eq!((plan.state, plan.problem.as_deref()), (PlanState::Ready, None));
    assert_eq!(refused(&plan), [""; 0]);
    assert_eq!(all(&plan, "Namespace").len(), 3);
    assert!(all(&plan, "Namespace").iter().all(|namespace| namespace.checked_in == CheckedIn::Target));
    assert_eq!((all(&plan, "Deployment").len(), all(&plan, "Pod").len(), all(&plan, "RoleBinding").len()), (3, 3, 9));
    assert!(all(&plan, "Pod").iter().all(|pod| pod.checked_in == CheckedIn::Scratch));
    assert!(plan.review.gates.is_empty() && plan.review.quota.len() >= 12);
    let hooks: Vec<_> = plan.review.effects.iter().filter(|effect| effect.kind == EffectKind::Webhook).collect();
    assert_eq!((hooks.len(), hooks[0].target.as_str()), (1, format!("{TEAM}/{}", world.service).as_str()));
    assert!(plan.review.files.iter().any(|file| file.path == "catalog-info.yaml" && file.diff.contains("\n+")));
    assert_eq!(world.namespaces().await, 0);
    assert_eq!(world::repositories(&world.stack.git.url, &world.stack.git.token, &world.service).await.unwrap(), 0);
    let again = world.plan("web-service", json!({})).await;
    assert_ne!((again.id, again.hash), (plan.id, None));
}

#[tokio::test]
async fn accelerators_are_weighed_against_the_budget() {
    let world = World::new().await;
    world.publish("gpu-inference", unchanged).await;
    free_cards(&world, 64).await;
    let none = world.plan("gpu-inference", json!({})).await;
    assert_eq!(none.review.gates.len(), 3, "a team without a budget has to ask");
    set_budget(&world.db, &Actor::System("test"), TEAM, "local", GPU, 4).await.unwrap();
    let inside = world.plan("gpu-inference", json!({})).await;
    assert_eq!(refused(&inside), [""; 0]);
    assert_eq!(inside.review.gates, []);
    let team = inside.review.quota.iter().find(|line| line.of == TEAM).unwrap();
    assert_eq!(
        (team.before.as_deref(), team.after.as_deref(), team.limit.as_deref()),
        (Some("0"), Some("3"), Some("4"))
    );
    let beyond = world.plan("gpu-inference", json!({"accelerator_count": 2})).await;
    assert_eq!(beyond.review.gates.len(), 1, "the third environment is beyond the budget");
    assert!(beyond.review.gates[0].why.contains("budget"), "{:?}", beyond.review.gates);
}

#[tokio::test]
async fn a_pod_that_would_be_refused_is_refused_in_the_plan() {
    let world = World::new().await;
    let as_root = |name: &str, text: String| {
        if name.ends_with("base/deployment.yaml") {
            text.replace("runAsNonRoot: true", "runAsNonRoot: false")
        } else {
            text
        }
    };
    world.publish("web-service", as_root).await;
    let plan = world.plan("web-service", json!({})).await;
    let pods = all(&plan, "Pod");
    assert_eq!(pods.len(), 3);
    for pod in pods {
        assert_eq!(pod.verdict, Verdict::Denied);
        assert!(pod.message.as_deref().unwrap().contains("violates PodSecurity \"restricted"), "{:?}", pod.message);
    }
    assert!(all(&plan, "Deployment").iter().all(|deployment| deployment.verdict == Verdict::Accepted));
}

#[tokio::test]
async fn what_delivery_may_not_write_and_what_lies_elsewhere_is_refused_in_the_plan() {
    let world = World::new().await;
    let binding = "\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: open\nroleRef:\n  \
                   apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: admin\n";
    let with_binding = |name: &str, text: String| {
        if name.ends_with("base/service.yaml") { text + binding } else { text }
    };
    world.publish("web-service", with_binding).await;
    let plan = world.plan("web-service", json!({})).await;
    let open: Vec<_> = all(&plan, "RoleBinding").into_iter().filter(|binding| binding.name == "open").collect();
    assert_eq!(open.len(), 3);
    assert!(open.iter().all(|binding| binding.verdict == Verdict::Denied), "{open:?}");
    assert!(open[0].message.as_deref().unwrap().contains("may not write rolebindings"), "{open:?}");

    let remote = World::new().await;
    let fetched = |name: &str, text: String| {
        if name.ends_with("base/kustomization.yaml") {
            text.replace("resources:\n", "resources:\n  - https://example.com/everything.yaml\n")
        } else {
            text
        }
    };
    remote.publish("web-service", fetched).await;
    let plan = remote.plan("web-service", json!({})).await;
    let overlays = all(&plan, "Kustomization");
    assert_eq!(overlays.len(), 3);
    assert!(overlays[0].message.as_deref().unwrap().contains("outside the repository"), "{overlays:?}");
}

#[tokio::test]
async fn a_plan_that_ends_every_worker_is_given_up() {
    let world = World::new().await;
    world.publish("web-service", unchanged).await;
    let parameters = json!({ "name": world.service, "owner": format!("group:default/{TEAM}") });
    let id = request_plan(&world.viewer, &world.db, "web-service", &parameters).await.unwrap();
    testing::attempted(&world.db, id, 3).await.unwrap();
    assert!(world.planner.work_once().await.unwrap());
    let plan = find_plan(&world.viewer, &world.db, id).await.unwrap();
    assert_eq!(plan.state, PlanState::Failed);
    assert!(plan.problem.unwrap().contains("broke on our side"));
    assert!(!world.planner.work_once().await.unwrap(), "nobody tries again");
}

#[tokio::test]
async fn a_name_that_the_git_host_knows_is_told_at_the_name() {
    let world = World::new().await;
    world.publish("web-service", unchanged).await;
    world::organisation(&world.stack.git.url, &world.stack.git.token, TEAM).await.unwrap();
    world::repository(&world.stack.git.url, &world.stack.git.token, TEAM, &world.service).await.unwrap();
    let plan = world.plan("web-service", json!({})).await;
    assert_eq!(plan.state, PlanState::Failed);
    assert_eq!(plan.errors.len(), 1);
    assert_eq!(plan.errors[0].pointer, "/name");
    assert!(plan.errors[0].message.contains("exists at the Git host"), "{:?}", plan.errors);
}

#[tokio::test]
async fn a_namespace_that_somebody_made_in_the_cluster_is_told_at_the_name() {
    let world = World::new().await;
    world.publish("web-service", unchanged).await;
    let (kubeconfig, taken) = (&world.stack.kubeconfig, format!("{TEAM}-{}-staging", world.service));
    world::namespace(kubeconfig, &taken).await.unwrap();
    let plan = world.plan("web-service", json!({})).await;
    world::without_namespace(kubeconfig, &taken).await.unwrap();
    assert_eq!(plan.state, PlanState::Failed);
    assert_eq!(plan.errors.len(), 1, "{:?}", plan.errors);
    assert_eq!(plan.errors[0].pointer, "/name");
    assert_eq!(plan.errors[0].message, format!("A namespace {taken} stands on the cluster. Choose another name."));
}

#[tokio::test]
async fn without_the_cluster_nothing_is_verified_and_the_plan_says_so() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let kubeconfig = folder.path().join("kubeconfig");
    let document = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": format!("http://{nobody}")}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    });
    std::fs::write(&kubeconfig, document.to_string()).unwrap();
    let cluster = cluster::connect("local", &Kubeconfig::File(kubeconfig)).await.unwrap();
    let world = World::with(Stack::read(), cluster).await;
    world.publish("web-service", unchanged).await;
    let plan = world.plan("web-service", json!({})).await;
    assert_eq!(plan.state, PlanState::Ready, "{:?}", plan.problem);
    assert!(plan.review.objects.len() > 36);
    assert!(plan.review.objects.iter().all(|object| object.verdict == Verdict::Unverified));
    assert!(
        plan.review.warnings.iter().any(|warning| warning.contains("Nobody could look")),
        "{:?}",
        plan.review.warnings
    );
}

/// As the worker that watches the nodes would have counted them.
async fn free_cards(world: &World, cards: i64) {
    testing::accelerators(&world.db, "local", GPU, cards).await.unwrap();
}
