//! Overlays, built with the `kustomize` program: the same engine as the delivery controller's, so that what is shown
//! before a commit is what is applied after it.

mod references;

use std::{path::PathBuf, process::Stdio, time::Duration};

use domain::scaffold::tree::{FileTree, RelPath};
use serde_json::Value;
use thiserror::Error;
use tokio::process::Command;

pub(crate) use references::{KUSTOMIZATIONS, read};

/// The program. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Kustomize {
    program: PathBuf,
}

#[derive(Debug, Error)]
pub enum BuildFault {
    /// The files are at fault; a sentence, or the program's own words.
    #[error("{0}")]
    Files(String),
    /// Nobody could ask.
    #[error("{0}")]
    World(String),
}

const PATIENCE: Duration = Duration::from_secs(10);
const MAX_OUTPUT_BYTES: usize = 8 * 1024 * 1024;

impl Kustomize {
    pub fn at(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into() }
    }

    /// The objects that the overlay in `folder` makes. What a kustomization names must lie in the tree: nothing is
    /// fetched, and no plugin runs.
    pub async fn build(&self, tree: &FileTree, folder: &RelPath) -> Result<Vec<Value>, BuildFault> {
        references::check(tree).map_err(BuildFault::Files)?;
        let world = |what: &str, error: std::io::Error| BuildFault::World(format!("{what}: {error}"));
        let home = tempfile::tempdir().map_err(|e| world("no folder for the overlay could be made", e))?;
        for (path, content) in tree.iter() {
            let file = home.path().join(path.as_str());
            let parent = file.parent().unwrap_or(home.path());
            std::fs::create_dir_all(parent).map_err(|e| world("the overlay could not be laid out", e))?;
            std::fs::write(&file, &content.bytes).map_err(|e| world("the overlay could not be laid out", e))?;
        }
        // An empty environment: no `git`, no proxy, no home with plugins.
        let run = Command::new(&self.program)
            .arg("build")
            .arg(home.path().join(folder.as_str()))
            .env_clear()
            .current_dir(home.path())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(PATIENCE, run)
            .await
            .map_err(|_| BuildFault::Files(format!("Building took longer than {} s.", PATIENCE.as_secs())))?
            .map_err(|e| world("kustomize could not be started", e))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).replace(&*home.path().to_string_lossy(), "");
            return Err(BuildFault::Files(said.trim().chars().take(2000).collect()));
        }
        if output.stdout.len() > MAX_OUTPUT_BYTES {
            return Err(BuildFault::Files("The overlay makes more than 8 MiB of objects.".to_owned()));
        }
        documents(&String::from_utf8_lossy(&output.stdout))
    }
}

fn documents(text: &str) -> Result<Vec<Value>, BuildFault> {
    let options = serde_saphyr::options! { strict_booleans: true };
    let documents: Vec<Value> = serde_saphyr::from_multiple_with_options(text, options)
        .map_err(|error| BuildFault::Files(error.without_snippet().to_string()))?;
    Ok(documents.into_iter().filter(|document| !document.is_null()).collect())
}
