//! Knows whether something must be made again: a hash over its inputs, kept beside its outputs.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::{Result, While};

/// A hash over named inputs; the order in which they are added matters.
#[derive(Clone, Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds a value, so that `("ab", "c")` differs from `("a", "bc")`.
    pub(crate) fn text(mut self, value: &str) -> Self {
        self.add(value.as_bytes());
        self
    }

    /// Adds a file's name and content.
    pub(crate) fn file(mut self, path: &Path) -> Result<Self> {
        let content = fs::read(path).world(format_args!("read {}", path.display()))?;
        self.add(path.as_os_str().as_encoded_bytes());
        self.add(&content);
        Ok(self)
    }

    /// Adds every file below a folder, in the order of their names.
    pub(crate) fn folder(mut self, folder: &Path) -> Result<Self> {
        for path in files_below(folder)? {
            self = self.file(&path)?;
        }
        Ok(self)
    }

    pub(crate) fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }
}

/// Remembers the fingerprint that the outputs beside it were made from.
pub(crate) struct Stamp {
    path: PathBuf,
}

impl Stamp {
    pub(crate) fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    pub(crate) fn says(&self, fingerprint: &str) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|recorded| recorded == fingerprint)
    }

    pub(crate) fn record(&self, fingerprint: &str) -> Result<()> {
        fs::write(&self.path, fingerprint).world(format_args!("write {}", self.path.display()))
    }
}

/// The first 16 hex digits of a content's SHA-256: enough to tell versions of one file apart.
pub(crate) fn short_hash(content: &[u8]) -> String {
    let mut hash = hex::encode(Sha256::digest(content));
    hash.truncate(16);
    hash
}

/// Every file below a folder, sorted; an absent folder has none.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).world(format_args!("list {}", folder.display()))? {
        let entry = entry.world(format_args!("list {}", folder.display()))?;
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_between_values_count() {
        let one = Fingerprint::default().text("ab").text("c").finish();
        let other = Fingerprint::default().text("a").text("bc").finish();
        assert_ne!(one, other);
    }

    #[test]
    fn a_folder_changes_with_names_and_contents() {
        let folder = tempfile::tempdir().unwrap();
        let print = || Fingerprint::default().folder(folder.path()).unwrap().finish();
        let empty = print();
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/a"), "1").unwrap();
        let first = print();
        assert_ne!(empty, first);
        fs::write(folder.path().join("deep/a"), "2").unwrap();
        let second = print();
        assert_ne!(first, second);
        fs::rename(folder.path().join("deep/a"), folder.path().join("deep/b")).unwrap();
        assert_ne!(second, print());
    }

    #[test]
    fn a_stamp_knows_only_what_it_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = Stamp::at(folder.path().join("stamp"));
        assert!(!stamp.says("x"));
        stamp.record("x").unwrap();
        assert!(stamp.says("x"));
        assert!(!stamp.says("y"));
    }
}
