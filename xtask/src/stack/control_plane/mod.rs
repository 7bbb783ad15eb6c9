//! The local cluster: a real API server with its controllers, simulated nodes and continuous delivery, as plain processes.

mod api;
mod certificates;
mod kubeconfig;
mod manifests;
mod nodes;
mod processes;
mod tokens;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use self::api::Api;
use self::processes::Site;
use self::tokens::{ADMINISTRATOR, PLATFORM};
use super::state::{Folder, Stack};
use super::supervise::Supervisor;
use crate::engines::{self, Installed};
use crate::failure::{Result, While};
use crate::progress;
use crate::workshop::Workshop;

/// The folder of certificates, tokens and data inside the state folder.
pub(super) const FOLDER: &str = "cluster";
/// Says which cluster is ready, and the Git host with it; absent while they are not.
pub(super) const RECORD: &str = "cluster.json";
/// One file for each account, as clients of the cluster read credentials.
const CREDENTIALS: &str = "credentials";
const NAMESPACES: [&str; 2] = ["flux-system", "waymark-system"];

/// A cluster that answers, and who may ask it for what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cluster {
    /// The administrator's, of group `system:masters`.
    pub(crate) kubeconfig: PathBuf,
    /// The demo accounts' and the platform's own, by name.
    pub(crate) kubeconfigs: BTreeMap<String, PathBuf>,
}

/// The programs that make up a cluster.
pub(crate) struct Engines {
    etcd: Installed,
    kubernetes: Installed,
    kwok: Installed,
    source: Installed,
    kustomize: Installed,
}

impl Engines {
    /// Finds every program, or builds what is missing.
    pub(crate) fn set_up(workshop: &Workshop) -> Result<Self> {
        Ok(Self {
            etcd: engines::set_up(workshop, &engines::ETCD)?,
            kubernetes: engines::set_up(workshop, &engines::KUBERNETES)?,
            kwok: engines::set_up(workshop, &engines::KWOK)?,
            source: engines::set_up(workshop, &engines::SOURCE_CONTROLLER)?,
            kustomize: engines::set_up(workshop, &engines::KUSTOMIZE_CONTROLLER)?,
        })
    }
}

impl Cluster {
    /// The cluster that `WAYMARK_KUBECONFIG` names, where it is set and not empty.
    pub(crate) fn foreign() -> Option<Self> {
        let given = std::env::var_os("WAYMARK_KUBECONFIG").filter(|path| !path.is_empty())?;
        let kubeconfig = PathBuf::from(given);
        let kubeconfig = std::path::absolute(&kubeconfig).unwrap_or(kubeconfig);
        Some(Self { kubeconfigs: BTreeMap::from([(PLATFORM.to_owned(), kubeconfig.clone())]), kubeconfig })
    }

    /// The command by which kubectl gets an account's credential, for the pages to put into kubeconfigs. The API server
    /// takes tokens from a file: it trusts no issuer without TLS, and the local provider has none.
    pub(crate) fn login(folder: &Folder) -> Result<String> {
        let file = folder.path().join(FOLDER).join(CREDENTIALS).join("{login}.json");
        let file = file.display().to_string();
        Ok(format!("cat {}", shlex::try_quote(&file).world("write the command for kubectl")?))
    }

    /// The restricted identity under which the worker signs in.
    pub(crate) fn platform(&self) -> PathBuf {
        self.kubeconfigs.get(PLATFORM).cloned().unwrap_or_default()
    }

    /// Says that it and the Git host are ready, to `stack status` and whoever else reads the state folder.
    pub(crate) fn record(&self, folder: &Folder) -> Result<()> {
        folder.write(RECORD, &serde_json::to_vec_pretty(self).world("describe the cluster")?)
    }

    /// The cluster that said so.
    pub(crate) fn recorded(folder: &Folder) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.path().join(RECORD)).ok()?).ok()
    }
}

/// Starts every process of the cluster and brings in what belongs there.
///
/// The supervisor ends them in reverse: the controllers first, then the API server, etcd last. An API server that ends
/// while its clients still watch takes a minute.
pub(crate) fn start(
    workshop: &Workshop,
    folder: &Folder,
    stack: &Stack,
    supervisor: &mut Supervisor,
    engines: &Engines,
) -> Result<Cluster> {
    progress::step("Starting the cluster", || {
        let site = prepare(folder, stack)?;
        let (cluster, api) = identities(folder, &site)?;
        processes::start_api_server(supervisor, &site, engines, &api)?;
        manifests::apply(workshop, &api, engines, &NAMESPACES)?;
        processes::start_scheduler(supervisor, &site, engines)?;
        // Nodes that kwok knew before it ended keep a lease that it does not take over.
        api.delete("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases")?;
        processes::start_controllers(supervisor, &site, engines, &api)?;
        Ok(cluster)
    })
}

/// Makes the private folder with fresh certificates; data of an earlier start stay.
fn prepare(folder: &Folder, stack: &Stack) -> Result<Site> {
    let path = folder.path().join(FOLDER);
    for part in [path.clone(), path.join("kubeconfigs"), path.join(CREDENTIALS), path.join("artifacts")] {
        fs::create_dir_all(&part).world(format_args!("make {}", part.display()))?;
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).world("protect the cluster's folder")?;
    let authority = certificates::write(folder)?;
    Ok(Site { folder: path, ports: stack.ports.cluster.clone(), authority })
}

/// Writes the tokens and one kubeconfig for each; tokens that were given out stay valid.
fn identities(folder: &Folder, site: &Site) -> Result<(Cluster, Api)> {
    let before = fs::read_to_string(site.folder.join("tokens.csv")).unwrap_or_default();
    let identities = tokens::settle(&before);
    folder.write(&format!("{FOLDER}/tokens.csv"), tokens::csv(&identities).as_bytes())?;
    let mut cluster = Cluster { kubeconfig: site.kubeconfig(ADMINISTRATOR), kubeconfigs: BTreeMap::new() };
    for identity in &identities {
        let text = kubeconfig::text(identity, &site.address(), &site.file("ca.crt"))?;
        folder.write(&format!("{FOLDER}/kubeconfigs/{}", identity.name), text.as_bytes())?;
        if identity.is_public {
            let credential = kubeconfig::credential(identity)?;
            folder.write(&format!("{FOLDER}/{CREDENTIALS}/{}.json", identity.name), credential.as_bytes())?;
            cluster.kubeconfigs.insert(identity.name.to_owned(), site.kubeconfig(identity.name));
        }
    }
    let administrator = identities.iter().find(|identity| identity.name == ADMINISTRATOR);
    let token = administrator.map(|identity| identity.token.clone()).unwrap_or_default();
    Ok((cluster, Api::new(&site.address(), &site.authority, token)?))
}
