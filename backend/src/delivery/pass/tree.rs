//! The files of a repository at one commit, and which of them an environment is built from.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use domain::{
    delivery::{mentioned, named},
    scaffold::tree::{CommitId, MAX_FILE_BYTES, RelPath},
};
use tokio::sync::Mutex;

use super::overlay::{Files, refused};
use crate::{
    Error, Result,
    delivery::record::FileChange,
    git_host::{FileAt, FileKind, FileList, FileRow, GitHost, RepositoryName, Revision},
    kustomize::{self, KUSTOMIZATIONS},
};

/// What is read of one repository during one pass. What was read once is not asked for again.
pub(super) struct Trees<'a> {
    host: &'a dyn GitHost,
    repository: &'a RepositoryName,
    listed: Mutex<HashMap<CommitId, Arc<Listing>>>,
    /// By the id of the content.
    texts: Mutex<HashMap<String, String>>,
}

/// One commit, and what a change would make of it.
pub(super) struct Tree<'a> {
    trees: &'a Trees<'a>,
    at: CommitId,
    listing: Arc<Listing>,
    written: BTreeMap<String, Option<String>>,
}

struct Listing {
    files: BTreeMap<String, FileRow>,
    is_complete: bool,
}

/// An environment is built from a few small files; anything else is not one.
const MOST_FILES: usize = 100;
/// Leaves files out of what the engine sees, wherever it lies above them.
const IGNORE: &str = ".sourceignore";

impl<'a> Trees<'a> {
    pub(super) fn of(host: &'a dyn GitHost, repository: &'a RepositoryName) -> Self {
        Self { host, repository, listed: Mutex::default(), texts: Mutex::default() }
    }

    pub(super) async fn at(&'a self, commit: &CommitId) -> Result<Tree<'a>> {
        let mut listed = self.listed.lock().await;
        let listing = match listed.get(commit) {
            Some(listing) => Arc::clone(listing),
            None => {
                let found = self.host.list_files(self.repository, &Revision::Commit(commit.clone())).await?;
                let listing = Arc::new(Listing::of(found));
                listed.insert(commit.clone(), Arc::clone(&listing));
                listing
            }
        };
        Ok(Tree { trees: self, at: commit.clone(), listing, written: BTreeMap::new() })
    }
}

impl Listing {
    fn of(list: FileList) -> Self {
        let files = list.files.into_iter().map(|row| (row.path.clone(), row)).collect();
        Self { files, is_complete: list.is_complete }
    }
}

impl Tree<'_> {
    /// The same with these files as they would be afterwards.
    pub(super) fn with(mut self, changes: &[FileChange]) -> Self {
        self.written.extend(changes.iter().map(|change| (change.path.to_string(), change.after.clone())));
        self
    }

    /// Everything in a folder and below.
    pub(super) async fn folder(&self, folder: &RelPath) -> Result<Files> {
        let paths: BTreeSet<String> = self.below(folder.as_str()).collect();
        self.texts(folder, paths).await
    }

    /// Those of these files that are there.
    pub(super) async fn files<'p>(&self, folder: &RelPath, paths: impl Iterator<Item = &'p RelPath>) -> Result<Files> {
        let there = paths.map(ToString::to_string).filter(|path| self.is_file(path)).collect();
        self.texts(folder, there).await
    }

    /// The overlay in `folder`, and whatever is named from there, however many steps away.
    pub(super) async fn built_from(&self, folder: &RelPath) -> Result<Files> {
        if !self.listing.is_complete {
            return Err(refused(
                folder,
                "lies in a repository with more than 10 000 files, which are not looked through",
            ));
        }
        let mut found = Files::new();
        // With the folder that names in a file start from when it is no kustomization itself.
        let mut due: BTreeSet<(String, String)> =
            self.below(folder.as_str()).map(|path| (path, folder.to_string())).collect();
        let mut seen = due.clone();
        while !due.is_empty() {
            let new = due.iter().map(|(path, _)| path.clone()).collect();
            found.extend(self.texts(folder, new).await?);
            let mut next = BTreeSet::new();
            for (path, root) in &due {
                let Some((path, text)) = found.iter().find(|(known, _)| known.as_str() == path) else { continue };
                next.extend(self.named_in(path, text, root)?);
            }
            due = next.into_iter().filter(|one| seen.insert(one.clone())).collect();
            if seen.len() > MOST_FILES {
                return Err(too_many(folder));
            }
        }
        found.extend(self.texts(folder, self.ignores(&found)).await?);
        Ok(found)
    }

    /// What a file names that is there, each with the folder that its own names start from.
    fn named_in(&self, path: &RelPath, text: &str, root: &str) -> Result<Vec<(String, String)>> {
        let is_file = |path: &String| self.is_file(path);
        if !KUSTOMIZATIONS.contains(&path.file_name()) {
            let files = mentioned(text, root).into_iter().filter(is_file);
            return Ok(files.map(|file| (file, root.to_owned())).collect());
        }
        let own = path.folders().last().unwrap_or_default();
        let documents = kustomize::read(path, text)
            .map_err(|sentence| Error::Conflict { code: "overlay_refused", detail: sentence })?;
        let paths: BTreeSet<String> = documents.iter().flat_map(|document| named(document, own)).collect();
        let files = paths.iter().filter(|path| self.is_file(path)).map(|path| (path.clone(), own.to_owned()));
        let folders = paths.iter().filter_map(|folder| Some((self.kustomization_of(folder)?, folder.clone())));
        Ok(files.chain(folders).collect())
    }

    fn kustomization_of(&self, folder: &str) -> Option<String> {
        let inside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        KUSTOMIZATIONS.into_iter().map(inside).find(|path| self.is_file(path))
    }

    fn ignores(&self, found: &Files) -> BTreeSet<String> {
        let folders = found.keys().flat_map(RelPath::folders).chain([""]);
        let ignore = |folder: &str| if folder.is_empty() { IGNORE.to_owned() } else { format!("{folder}/{IGNORE}") };
        folders.map(ignore).filter(|path| self.is_file(path)).collect()
    }

    fn below(&self, folder: &str) -> impl Iterator<Item = String> {
        let prefix = format!("{folder}/");
        let there = self.listing.files.keys().chain(self.written.keys()).filter(move |path| self.is_file(path));
        there.filter(move |path| path.starts_with(&prefix)).cloned()
    }

    fn is_file(&self, path: &str) -> bool {
        match self.written.get(path) {
            Some(text) => text.is_some(),
            None => self.listing.files.contains_key(path),
        }
    }

    /// Of files that are there.
    async fn texts(&self, folder: &RelPath, paths: BTreeSet<String>) -> Result<Files> {
        if paths.len() > MOST_FILES {
            return Err(too_many(folder));
        }
        let mut known = self.trees.texts.lock().await;
        let (mut files, mut missing) = (Files::new(), Vec::new());
        for path in paths {
            let parsed: RelPath = path.parse().map_err(|_| refused(folder, "needs a file with an unusual name"))?;
            match (self.written.get(&path), self.listing.files.get(&path)) {
                (Some(Some(text)), _) => {
                    files.insert(parsed, text.clone());
                }
                (None, Some(row)) if !matches!(row.kind, FileKind::Plain) => {
                    return Err(refused(folder, "needs something other than plain files"));
                }
                (None, Some(row)) => match known.get(&row.id) {
                    Some(text) => {
                        files.insert(parsed, text.clone());
                    }
                    None => missing.push((parsed, row.id.clone())),
                },
                (Some(None), _) | (None, None) => {}
            }
        }
        let names: Vec<RelPath> = missing.iter().map(|(path, _)| path.clone()).collect();
        if names.is_empty() {
            return Ok(files);
        }
        let at = Revision::Commit(self.at.clone());
        let read = self.trees.host.read_files(self.trees.repository, &at, &names, MAX_FILE_BYTES).await?;
        for ((path, id), content) in missing.into_iter().zip(read) {
            let FileAt::Bytes(bytes) = content else { return Err(refused(folder, "needs a file that is too large")) };
            let text = String::from_utf8(bytes).map_err(|_| refused(folder, "needs a file that is not text"))?;
            known.insert(id, text.clone());
            files.insert(path, text);
        }
        Ok(files)
    }
}

fn too_many(folder: &RelPath) -> Error {
    refused(folder, "needs more than 100 files")
}
