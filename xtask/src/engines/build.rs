//! Builds an engine with Go, from a copy of its pinned `go.mod` and `go.sum`.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Engine, Extra};
use crate::failure::{Failure, Result, While};
use crate::fingerprint::files_below;
use crate::tool::Tool;
use crate::tools::on_path;
use crate::workshop::Workshop;

/// Where Go's own archive is unpacked when its instructions are followed to the letter.
const USUAL: &str = "/usr/local/go/bin/go";

/// Builds into `work`, which is emptied first: `bin/` and the extras.
pub(super) fn build(workshop: &Workshop, engine: &Engine, modules: &Path, work: &Path) -> Result<()> {
    let go = Go { program: find_go(engine)?, folder: work.to_owned() };
    if work.exists() {
        fs::remove_dir_all(work).world(format_args!("clear {}", work.display()))?;
    }
    let bin = work.join("bin");
    fs::create_dir_all(&bin).world(format_args!("make {}", bin.display()))?;
    for name in ["go.mod", "go.sum"] {
        copy(&modules.join(name), &work.join(name))?;
    }
    for program in engine.programs {
        let compile = go.tool().args(["build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o"]);
        compile.arg(bin.join(program.name)).arg(program.package).quiet(workshop)?;
    }
    engine.extras.iter().try_for_each(|extra| take(workshop, &go, extra, work))
}

struct Go {
    program: PathBuf,
    folder: PathBuf,
}

impl Go {
    /// The person's own flags and workspaces are for their projects, not for what is pinned here.
    fn tool(&self) -> Tool {
        let tool = Tool::new(&self.program).current_dir(&self.folder);
        tool.env("CGO_ENABLED", "0").env("GOFLAGS", "").env("GOWORK", "off")
    }
}

fn find_go(engine: &Engine) -> Result<PathBuf> {
    on_path("go").or_else(|| Some(PathBuf::from(USUAL)).filter(|usual| usual.is_file())).ok_or_else(|| {
        Failure::world(format!(
            "{} is built once with Go, and there is no `go` on `PATH`. Install Go from https://go.dev/dl (1.21 or newer, which \
             fetches the version it needs), or name a folder that holds the engine in `KUBEBUILDER_ASSETS`, or set {}.",
            engine.name, engine.instead
        ))
    })
}

/// Copies the files of a module's folder. The module cache is read-only, the copies are not.
fn take(workshop: &Workshop, go: &Go, extra: &Extra, work: &Path) -> Result<()> {
    let said = go.tool().args(["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", extra.module]).quiet(workshop)?;
    copy_tree(&Path::new(said.trim()).join(extra.from), &work.join(extra.to))
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from)? {
        let relative = file.strip_prefix(from).world("copy a module's files")?;
        // It composes the files beside it and is no document of its own kind.
        if relative.file_name().is_some_and(|name| name != "kustomization.yaml") {
            copy(&file, &to.join(relative))?;
        }
    }
    Ok(())
}

/// Content alone, so that the copy has the mode of a new file.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).world(format_args!("make {}", folder.display()))?;
    }
    let content = fs::read(from).world(format_args!("read {}", from.display()))?;
    fs::write(to, content).world(format_args!("write {}", to.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_tree_is_copied_writable_and_without_what_composes_it() {
        let parent = tempfile::tempdir().unwrap();
        let (from, to) = (parent.path().join("from"), parent.path().join("to"));
        fs::create_dir_all(from.join("deep")).unwrap();
        fs::write(from.join("kustomization.yaml"), "").unwrap();
        fs::write(from.join("deep/node.yaml"), "kind: Stage").unwrap();
        fs::set_permissions(from.join("deep/node.yaml"), fs::Permissions::from_mode(0o444)).unwrap();
        copy_tree(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("deep/node.yaml")).unwrap(), "kind: Stage");
        assert_ne!(fs::metadata(to.join("deep/node.yaml")).unwrap().permissions().mode() & 0o200, 0);
        assert!(!to.join("kustomization.yaml").exists());
    }
}
