//! The files of an overlay at one commit.

use std::collections::BTreeMap;

use domain::scaffold::tree::{CommitId, RelPath};
use sha2::{Digest, Sha256};

use crate::{
    Error, Result,
    git_host::{FileAt, FileKind, GitHost, RepositoryName, Revision},
};

/// Paths from the repository's root, with their texts.
pub(super) type Files = BTreeMap<RelPath, String>;

/// An overlay is a few small files; anything else is not one.
const MOST_FILES: usize = 50;
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

pub(super) async fn read(
    host: &dyn GitHost,
    repository: &RepositoryName,
    at: &CommitId,
    folder: &RelPath,
) -> Result<Files> {
    let revision = Revision::Commit(at.clone());
    let prefix = format!("{folder}/");
    let listed = host.list_files(repository, &revision).await?;
    let inside = listed.files.into_iter().filter(|row| row.path.starts_with(&prefix));
    let mut files = Files::new();
    for row in inside {
        if files.len() == MOST_FILES {
            return Err(refused(folder, "has more than 50 files"));
        }
        if !matches!(row.kind, FileKind::Plain) {
            return Err(refused(folder, "holds something other than plain files"));
        }
        let path: RelPath = row.path.parse().map_err(|_| refused(folder, "has a file with an unusual name"))?;
        let FileAt::Bytes(bytes) = host.read_file(repository, &revision, &path).await? else {
            return Err(refused(folder, "has a file that is too large"));
        };
        let text = String::from_utf8(bytes).map_err(|_| refused(folder, "has a file that is not text"))?;
        files.insert(path, text);
    }
    Ok(files)
}

/// The file that kustomize begins with.
pub(super) fn kustomization(files: &Files) -> Option<(&RelPath, &str)> {
    let named = |name: &str| files.iter().find(|(path, _)| path.file_name() == name);
    NAMES.into_iter().find_map(named).map(|(path, text)| (path, text.as_str()))
}

/// Equal overlays have equal hashes.
pub(super) fn hash(files: &Files) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (path, text) in files {
        for part in [path.as_str(), text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().into()
}

fn refused(folder: &RelPath, what: &str) -> Error {
    Error::Conflict {
        code: "overlay_refused",
        detail: format!("The folder {folder} {what}. Make this change by hand."),
    }
}
