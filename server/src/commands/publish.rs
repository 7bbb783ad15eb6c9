//! `waymark path publish`

use std::path::{Path, PathBuf};

use backend::{
    Error,
    audit::Actor,
    golden_paths::{self, GoldenPath, PathFiles},
    renderer::Renderer,
};
use domain::golden_paths::{Finding, Place, TEMPLATE_FILE, VERSION_ANNOTATION};

use super::{
    Failure, database,
    path::{below, found, read},
};

/// Checks all folders before the first is published.
pub(super) async fn run(renderer: &Renderer, folders: &[PathBuf], json: bool) -> Result<(), Failure> {
    let db = database(1)?;
    let (mut paths, mut findings) = (Vec::new(), Vec::new());
    for folder in folders {
        let files = read(folder)?;
        let lint = golden_paths::lint(renderer, files.clone());
        findings.extend(below(folder, lint.await.map_err(|error| Failure::World(error.to_string()))?));
        paths.extend(GoldenPath::read(files).ok().map(|path| (folder, path)));
    }
    if !findings.is_empty() {
        return Err(found(findings, json));
    }
    for (folder, path) in paths {
        let files = path.files.clone();
        let done = golden_paths::publish(&db, &Actor::System("path-publish"), path).await;
        let done = done.map_err(|error| refused(error, folder, &files, json))?;
        let what = if done.is_new { "published" } else { "is published already" };
        println!("{}: {} {} {what}", folder.display(), done.name, done.version);
    }
    Ok(())
}

/// What the platform refuses about a path is said at its place, as every finding is.
fn refused(error: Error, folder: &Path, files: &PathFiles, json: bool) -> Failure {
    let messages = match error {
        Error::Conflict { detail, .. } => vec![detail],
        Error::Invalid(errors) => errors.into_iter().map(|error| error.message).collect(),
        other => return other.into(),
    };
    let text = files.text(TEMPLATE_FILE).unwrap_or_default();
    let line = text.lines().position(|line| line.contains(VERSION_ANNOTATION)).unwrap_or_default();
    let place = Place { line: u32::try_from(line + 1).unwrap_or(1), column: 1 };
    let findings = messages.into_iter().map(|message| Finding::new(TEMPLATE_FILE, place, "publish", message));
    found(below(folder, findings.collect()), json)
}
