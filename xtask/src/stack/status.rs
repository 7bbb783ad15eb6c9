//! What `cargo xtask stack status` says.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::path::PathBuf;

use serde::Serialize;

use super::control_plane::Cluster;
use super::identity::Identity;
use super::state::{Folder, Phase};
use super::{SUPERVISOR, gitea, oidc, postgres, server};
use crate::failure::Result;

/// The stack as other programs read it; what does not exist yet is null.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    pub(crate) state: Phase,
    state_dir: PathBuf,
    pub(crate) web: Option<String>,
    ops: Ops,
    database_url: Option<String>,
    kubeconfig: Option<PathBuf>,
    kubeconfigs: BTreeMap<String, PathBuf>,
    git: Git,
    oidc: Provider,
}

#[derive(Debug, Default, Serialize)]
struct Ops {
    serve: Option<String>,
    work: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct Git {
    url: Option<String>,
    token: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct Provider {
    issuer: Option<String>,
}

/// Reads the state folder and looks whether the recorded supervisor lives.
pub(crate) fn read(path: &std::path::Path) -> Result<Status> {
    let mut status = Status {
        state: Phase::Stopped,
        state_dir: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
        web: None,
        ops: Ops::default(),
        database_url: None,
        kubeconfig: None,
        kubeconfigs: BTreeMap::new(),
        git: Git::default(),
        oidc: Provider::default(),
    };
    let Some(folder) = Folder::existing(path)? else { return Ok(status) };
    status.state = phase(&folder);
    let Some(stack) = folder.stack()? else { return Ok(status) };
    let given = |name: &str| std::env::var(name).ok();
    // Both are there before the worker is, which is when the phase says so: tests need no worker.
    let engines = Cluster::recorded(&folder).filter(|_| !matches!(status.state, Phase::Stopped | Phase::Failed));
    if let Some(cluster) = engines {
        status.kubeconfig = Some(cluster.kubeconfig);
        status.kubeconfigs = cluster.kubeconfigs;
        let host = gitea::foreign(given)?
            .map_or_else(|| gitea::recorded(&folder, stack.ports.gitea), |host| Ok(Some(host)))?;
        status.git = host.map(|host| Git { url: Some(host.url), token: Some(host.token) }).unwrap_or_default();
    }
    if matches!(status.state, Phase::Pages | Phase::Ready) {
        let ops = |port: u16| Some(format!("http://127.0.0.1:{port}"));
        status.web = Some(server::public_url(&stack.ports));
        status.ops = Ops { serve: ops(stack.ports.serve_ops), work: ops(stack.ports.work_ops) };
        status.database_url = Some(postgres::foreign_url().unwrap_or_else(|| postgres::urls(&stack).url));
        let foreign = oidc::foreign(given)?;
        status.oidc.issuer = Some(foreign.map_or_else(|| oidc::issuer(&stack), |client| client.issuer));
    }
    Ok(status)
}

/// The recorded phase counts while the supervisor lives; a failure is remembered, anything else has stopped.
pub(crate) fn phase(folder: &Folder) -> Phase {
    let alive = Identity::read(&folder.record(SUPERVISOR)).is_some_and(|supervisor| supervisor.is_alive());
    match (alive, folder.phase()) {
        (true, Phase::Stopped) => Phase::Starting,
        (true, phase) => phase,
        (false, Phase::Failed) => Phase::Failed,
        (false, _) => Phase::Stopped,
    }
}

impl Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = serde_json::to_value(self.state).unwrap_or_default();
        writeln!(out, "state      {}", state.as_str().unwrap_or_default())?;
        write!(out, "folder     {}", self.state_dir.display())?;
        let lines = [
            ("pages", &self.web),
            ("serve", &self.ops.serve),
            ("work", &self.ops.work),
            ("sign-in", &self.oidc.issuer),
            ("git", &self.git.url),
        ];
        for (name, address) in lines {
            if let Some(address) = address {
                write!(out, "\n{name:<11}{address}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_a_stopped_stack_and_is_not_made() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("state");
        let status = serde_json::to_value(read(&path).unwrap()).unwrap();
        assert_eq!(status["state"], "stopped");
        assert_eq!(status["state_dir"], path.to_str().unwrap());
        assert_eq!(status["web"], serde_json::Value::Null);
        assert_eq!(status["git"], serde_json::json!({ "url": null, "token": null }));
        assert!(!path.exists());
    }

    #[test]
    fn the_phase_counts_only_while_the_supervisor_lives() {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(parent.path()).unwrap();
        folder.set_phase(Phase::Ready).unwrap();
        assert_eq!(phase(&folder), Phase::Stopped);
        Identity::own().unwrap().write(&folder.record(SUPERVISOR)).unwrap();
        assert_eq!(phase(&folder), Phase::Ready);
        std::fs::remove_file(folder.record(SUPERVISOR)).unwrap();
        folder.set_phase(Phase::Failed).unwrap();
        assert_eq!(phase(&folder), Phase::Failed);
    }
}
