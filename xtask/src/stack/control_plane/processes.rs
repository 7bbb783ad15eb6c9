//! The cluster's processes, their flags, and how each tells that it is ready.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Engines;
use super::api::Api;
use crate::failure::Result;
use crate::fingerprint::files_below;
use crate::stack::http;
use crate::stack::launch::Spec;
use crate::stack::ports::ClusterPorts;
use crate::stack::supervise::Supervisor;

const READY_DEADLINE: Duration = Duration::from_secs(90);

/// Where the cluster keeps its files and listens.
pub(super) struct Site {
    pub(super) folder: PathBuf,
    pub(super) ports: ClusterPorts,
    /// The authority's certificate, PEM.
    pub(super) authority: String,
}

impl Site {
    /// Of the API server.
    pub(super) fn address(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports.api_server)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn kubeconfig(&self, name: &str) -> PathBuf {
        self.folder.join("kubeconfigs").join(name)
    }

    fn spec(&self, name: &'static str, program: PathBuf) -> Spec {
        Spec::new(name, program, &self.folder).env("HOME", self.folder.display().to_string())
    }

    /// The certificate under which every server of the cluster answers.
    fn serving(&self) -> [String; 2] {
        [
            flag("tls-cert-file", self.file("server.crt").display()),
            flag("tls-private-key-file", self.file("server.key").display()),
        ]
    }
}

/// Starts etcd, then the API server on it.
pub(super) fn start_api_server(supervisor: &mut Supervisor, site: &Site, engines: &Engines, api: &Api) -> Result<()> {
    let health = format!("{}/health", local(site.ports.etcd));
    let etcd = etcd(site, engines.etcd.program("etcd")?);
    supervisor.start_until(&etcd, READY_DEADLINE, || Ok(http::answers(&health)))?;
    let ready = format!("{}/readyz", site.address());
    let server = api_server(site, engines.kubernetes.program("kube-apiserver")?);
    supervisor.start_until(&server, READY_DEADLINE, || Ok(api.answers(&ready)))
}

/// Starts the scheduler and does not wait for it.
pub(super) fn start_scheduler(supervisor: &mut Supervisor, site: &Site, engines: &Engines) -> Result<()> {
    let spec = site.spec("kube-scheduler", engines.kubernetes.program("kube-scheduler")?);
    supervisor.start(&spec.args(controller("scheduler", site, site.ports.scheduler)).args(site.serving()))
}

/// Starts everything that acts on the cluster and waits until all of it, the scheduler included, is ready.
pub(super) fn start_controllers(supervisor: &mut Supervisor, site: &Site, engines: &Engines, api: &Api) -> Result<()> {
    let ports = &site.ports;
    supervisor.start(&kwok(site, engines)?)?;
    supervisor.start(&source(site, engines.source.program("source-controller")?))?;
    supervisor.start(&kustomize(site, engines.kustomize.program("kustomize-controller")?))?;
    let manager = engines.kubernetes.program("kube-controller-manager")?;
    supervisor.start(&controller_manager(site, manager))?;
    for (name, address) in [
        ("kube-scheduler", format!("https://127.0.0.1:{}/readyz", ports.scheduler)),
        ("kwok", format!("{}/healthz", local(ports.kwok))),
        ("source-controller", format!("{}/readyz", local(ports.source_health))),
        ("kustomize-controller", format!("{}/readyz", local(ports.kustomize_health))),
        ("kube-controller-manager", format!("https://127.0.0.1:{}/healthz", ports.controller_manager)),
    ] {
        supervisor.wait_until(name, READY_DEADLINE, || Ok(api.answers(&address)))?;
    }
    Ok(())
}

fn etcd(site: &Site, program: PathBuf) -> Spec {
    let (client, peer) = (local(site.ports.etcd), local(site.ports.etcd_peer));
    site.spec("etcd", program).args([
        flag("data-dir", site.file("etcd").display()),
        flag("listen-client-urls", &client),
        flag("advertise-client-urls", &client),
        flag("listen-peer-urls", &peer),
        flag("initial-advertise-peer-urls", &peer),
        flag("initial-cluster", format_args!("default={peer}")),
        flag("log-level", "warn"),
        // Nothing here outlives the machine anyway.
        "--unsafe-no-fsync".into(),
    ])
}

fn api_server(site: &Site, program: PathBuf) -> Spec {
    let path = |name: &str| site.file(name).display().to_string();
    let spec = site.spec("kube-apiserver", program).args([
        flag("etcd-servers", local(site.ports.etcd)),
        flag("bind-address", "127.0.0.1"),
        flag("secure-port", site.ports.api_server),
        // Loopback cannot be advertised; nobody looks here.
        flag("advertise-address", "192.0.2.1"),
        flag("endpoint-reconciler-type", "none"),
        flag("cert-dir", path("api-server")),
        flag("token-auth-file", path("tokens.csv")),
        flag("authorization-mode", "RBAC"),
        flag("service-account-issuer", "https://kubernetes.default.svc"),
        flag("service-account-signing-key-file", path("accounts.key")),
        flag("service-account-key-file", path("accounts.pub")),
        flag("service-cluster-ip-range", "10.0.0.0/24"),
    ]);
    spec.args(site.serving())
}

fn controller_manager(site: &Site, program: PathBuf) -> Spec {
    let spec = site.spec("kube-controller-manager", program).args([
        flag("service-account-private-key-file", site.file("accounts.key").display()),
        flag("root-ca-file", site.file("ca.crt").display()),
        flag("use-service-account-credentials", true),
        flag("flex-volume-plugin-dir", site.file("flex").display()),
        // A pause of kwok would otherwise mark pods as never ready again.
        flag("node-monitor-grace-period", "24h"),
    ]);
    spec.args(controller("controller-manager", site, site.ports.controller_manager)).args(site.serving())
}

fn kwok(site: &Site, engines: &Engines) -> Result<Spec> {
    let stages = files_below(&engines.kwok.extra("stages"))?;
    let spec = site.spec("kwok", engines.kwok.program("kwok")?).args([
        flag("kubeconfig", site.kubeconfig("kwok").display()),
        flag("server-address", format_args!("127.0.0.1:{}", site.ports.kwok)),
        flag("manage-all-nodes", true),
        flag("node-lease-duration-seconds", 40),
        flag("cidr", "10.0.0.1/24"),
        flag("node-ip", "10.0.0.1"),
    ]);
    Ok(spec.args(stages.iter().map(|stage| flag("config", stage.display()))))
}

fn source(site: &Site, program: PathBuf) -> Spec {
    let storage = format!("127.0.0.1:{}", site.ports.source);
    let spec = site.spec("source-controller", program).args([
        flag("storage-path", site.file("artifacts").display()),
        flag("storage-addr", &storage),
        flag("storage-adv-addr", &storage),
    ]);
    delivering(spec, site, site.ports.source_metrics, site.ports.source_health)
}

fn kustomize(site: &Site, program: PathBuf) -> Spec {
    let spec = site.spec("kustomize-controller", program).args([
        // A commit acts as its namespace's deployer and reaches no other namespace.
        flag("no-cross-namespace-refs", true),
        flag("default-service-account", "waymark-none"),
        flag("feature-gates", "CancelHealthCheckOnNewRevision=true"),
    ]);
    delivering(spec, site, site.ports.kustomize_metrics, site.ports.kustomize_health)
}

/// What the two controllers of continuous delivery have in common. They read the kubeconfig from the environment.
fn delivering(spec: Spec, site: &Site, metrics: u16, health: u16) -> Spec {
    spec.args([
        flag("watch-all-namespaces", true),
        flag("events-addr", ""),
        flag("metrics-addr", format_args!("127.0.0.1:{metrics}")),
        flag("health-addr", format_args!("127.0.0.1:{health}")),
    ])
    .env("KUBECONFIG", site.kubeconfig("flux").display().to_string())
    .env("RUNTIME_NAMESPACE", "flux-system")
}

/// What Kubernetes' own controllers have in common.
fn controller(identity: &str, site: &Site, port: u16) -> [String; 4] {
    [
        flag("kubeconfig", Path::new(&site.kubeconfig(identity)).display()),
        flag("leader-elect", false),
        flag("bind-address", "127.0.0.1"),
        flag("secure-port", port),
    ]
}

fn flag(name: &str, value: impl Display) -> String {
    format!("--{name}={value}")
}

fn local(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}
