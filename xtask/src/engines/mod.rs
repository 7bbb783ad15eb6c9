//! The engines that the local stack runs on: found on the machine, else built once from modules whose versions are pinned
//! in `xtask/cluster/`.

mod build;
mod cache;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};
use crate::workshop::Workshop;

/// One Go module of `xtask/cluster/` and what is taken from it.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    programs: &'static [Program],
    extras: &'static [Extra],
    /// What the first build takes on two cores, for the person who waits.
    cost: &'static str,
    /// What to set where it cannot be built.
    instead: &'static str,
}

#[derive(Debug)]
struct Program {
    name: &'static str,
    package: &'static str,
}

/// Files that belong to an engine and lie beside its source.
#[derive(Debug)]
struct Extra {
    module: &'static str,
    /// A folder of the module.
    from: &'static str,
    /// A folder of the engine; what lies in several folders of the module comes together there.
    to: &'static str,
}

/// An engine that can be started.
#[derive(Clone, Debug)]
pub(crate) struct Installed {
    programs: BTreeMap<&'static str, PathBuf>,
    /// Where its extras lie.
    home: PathBuf,
}

const CLUSTER_INSTEAD: &str = "`WAYMARK_KUBECONFIG` to use a cluster of your own";

pub(crate) const ETCD: Engine = Engine {
    name: "etcd",
    programs: &[Program { name: "etcd", package: "go.etcd.io/etcd/server/v3" }],
    extras: &[],
    cost: "about 1 min",
    instead: CLUSTER_INSTEAD,
};

pub(crate) const KUBERNETES: Engine = Engine {
    name: "kubernetes",
    programs: &[
        Program { name: "kube-apiserver", package: "k8s.io/kubernetes/cmd/kube-apiserver" },
        Program { name: "kube-controller-manager", package: "k8s.io/kubernetes/cmd/kube-controller-manager" },
        Program { name: "kube-scheduler", package: "k8s.io/kubernetes/cmd/kube-scheduler" },
    ],
    extras: &[],
    cost: "about 5 min",
    instead: CLUSTER_INSTEAD,
};

pub(crate) const KWOK: Engine = Engine {
    name: "kwok",
    programs: &[Program { name: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok" }],
    extras: &[
        Extra { module: "sigs.k8s.io/kwok", from: "kustomize/stage/node/fast", to: "stages" },
        Extra { module: "sigs.k8s.io/kwok", from: "kustomize/stage/pod/fast", to: "stages" },
    ],
    cost: "about 1 min",
    instead: CLUSTER_INSTEAD,
};

pub(crate) const SOURCE_CONTROLLER: Engine = Engine {
    name: "source-controller",
    programs: &[Program { name: "source-controller", package: "github.com/fluxcd/source-controller" }],
    extras: &[Extra { module: "github.com/fluxcd/source-controller", from: "config/crd/bases", to: "crds" }],
    cost: "about 4 min",
    instead: CLUSTER_INSTEAD,
};

pub(crate) const KUSTOMIZE_CONTROLLER: Engine = Engine {
    name: "kustomize-controller",
    programs: &[Program { name: "kustomize-controller", package: "github.com/fluxcd/kustomize-controller" }],
    extras: &[Extra { module: "github.com/fluxcd/kustomize-controller", from: "config/crd/bases", to: "crds" }],
    cost: "about 3 min",
    instead: CLUSTER_INSTEAD,
};

/// Not a part of the cluster: the worker builds overlays with it before they are committed.
pub(crate) const KUSTOMIZE: Engine = Engine {
    name: "kustomize",
    programs: &[Program { name: "kustomize", package: "sigs.k8s.io/kustomize/kustomize/v5" }],
    extras: &[],
    cost: "about 1 min",
    instead: "`PATH` so that it holds a `kustomize` of your own",
};

pub(crate) const GITEA: Engine = Engine {
    name: "gitea",
    programs: &[Program { name: "gitea", package: "code.gitea.io/gitea" }],
    extras: &[
        Extra { module: "code.gitea.io/gitea", from: "options", to: "static/options" },
        Extra { module: "code.gitea.io/gitea", from: "templates", to: "static/templates" },
        Extra { module: "code.gitea.io/gitea", from: "public", to: "static/public" },
    ],
    cost: "about 4 min",
    instead: "`WAYMARK_GIT_URL` and `WAYMARK_GIT_TOKEN` to use a Git host of your own",
};

/// Finds an engine in `KUBEBUILDER_ASSETS`, on `PATH` or in the cache, or builds it into the cache.
///
/// An engine of several programs is taken from one source alone: their versions must fit.
pub(crate) fn set_up(workshop: &Workshop, engine: &Engine) -> Result<Installed> {
    let assets = std::env::var_os("KUBEBUILDER_ASSETS").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(found) = find(engine, assets.into_iter().chain(std::env::split_paths(&path))) {
        return Ok(found);
    }
    cache::set_up(workshop, engine)
}

impl Installed {
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        let found = self.programs.get(name).cloned();
        found.ok_or_else(|| Failure::world(format!("`{name}` is no program of this engine.")))
    }

    /// A folder of files that came with the engine.
    pub(crate) fn extra(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }
}

/// The first folder that holds the whole engine: all its programs, and its extras beside the folder.
fn find(engine: &Engine, mut folders: impl Iterator<Item = PathBuf>) -> Option<Installed> {
    folders.find_map(|folder| complete(engine, &folder, folder.parent()?))
}

fn complete(engine: &Engine, bin: &Path, home: &Path) -> Option<Installed> {
    let programs = engine.programs.iter().map(|program| {
        let path = bin.join(program.name);
        path.is_file().then_some((program.name, path))
    });
    let has_extras = engine.extras.iter().all(|extra| home.join(extra.to).is_dir());
    Some(Installed { programs: programs.collect::<Option<_>>()?, home: home.to_owned() }).filter(|_| has_extras)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_engine_is_found_whole_or_not_at_all() {
        let parent = tempfile::tempdir().unwrap();
        let (half, whole) = (parent.path().join("half"), parent.path().join("whole"));
        for (folder, programs) in [
            (&half, &["kube-apiserver", "kube-controller-manager"][..]),
            (&whole, &["kube-apiserver", "kube-controller-manager", "kube-scheduler"]),
        ] {
            fs::create_dir(folder).unwrap();
            for program in programs {
                fs::write(folder.join(program), "").unwrap();
            }
        }
        assert!(find(&KUBERNETES, [half.clone()].into_iter()).is_none());
        let found = find(&KUBERNETES, [half, whole.clone()].into_iter()).unwrap();
        assert_eq!(found.program("kube-apiserver").unwrap(), whole.join("kube-apiserver"));
        assert!(found.program("etcd").is_err());
    }

    #[test]
    fn a_program_without_its_extras_is_not_enough() {
        let parent = tempfile::tempdir().unwrap();
        let bin = parent.path().join("bin");
        fs::create_dir(&bin).unwrap();
        fs::write(bin.join("kwok"), "").unwrap();
        assert!(find(&KWOK, [bin.clone()].into_iter()).is_none());
        fs::create_dir(parent.path().join("stages")).unwrap();
        assert_eq!(find(&KWOK, [bin].into_iter()).unwrap().extra("stages"), parent.path().join("stages"));
    }
}
