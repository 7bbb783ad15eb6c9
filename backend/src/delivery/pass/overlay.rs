//! The files that an environment is built from.

use std::collections::BTreeMap;

use domain::scaffold::tree::RelPath;
use sha2::{Digest, Sha256};

use crate::{Error, kustomize::KUSTOMIZATIONS};

/// Paths from the repository's root, with their texts.
pub(super) type Files = BTreeMap<RelPath, String>;

/// The file that kustomize begins with in a folder.
pub(super) fn kustomization<'f>(files: &'f Files, folder: &RelPath) -> Option<(&'f RelPath, &'f str)> {
    let named = |name: &str| {
        let path = format!("{folder}/{name}");
        files.iter().find(|(known, _)| known.as_str() == path)
    };
    KUSTOMIZATIONS.into_iter().find_map(named).map(|(path, text)| (path, text.as_str()))
}

/// Equal files have equal hashes.
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

/// `what` follows the folder in the sentence.
pub(super) fn refused(folder: &RelPath, what: &str) -> Error {
    Error::Conflict {
        code: "overlay_refused",
        detail: format!("What is in {folder} {what}. Change that by hand in the repository, then try again."),
    }
}
