//! Files of a repository at a Git host, all of them at one commit.

use std::collections::BTreeSet;

use domain::scaffold::tree::{CommitId, RelPath};

use super::{Found, Listing, Shelf, ancestors};
use crate::{
    Error, Result,
    catalog::living::{Address, Host},
    git_host::{FileAt, FileKind, GitHost, RepositoryName, Revision},
};

pub(in crate::catalog) struct AtCommit<'a> {
    git_host: &'a dyn GitHost,
    host: &'a Host,
    repository: &'a RepositoryName,
    branch: &'a str,
    at: Revision,
    paths: Vec<String>,
    /// What they point at is never followed.
    links: BTreeSet<String>,
    is_complete: bool,
}

impl<'a> AtCommit<'a> {
    /// Lists the files of the commit. [`Error::NotFound`] when it is gone.
    pub(in crate::catalog) async fn open(
        git_host: &'a dyn GitHost,
        host: &'a Host,
        repository: &'a RepositoryName,
        branch: &'a str,
        commit: &CommitId,
    ) -> Result<Self> {
        let at = Revision::Commit(commit.clone());
        let list = git_host.list_files(repository, &at).await?;
        let (mut paths, mut links) = (Vec::new(), BTreeSet::new());
        for row in list.files {
            match row.kind {
                FileKind::Plain | FileKind::Executable => paths.push(row.path),
                FileKind::SymbolicLink => {
                    links.insert(row.path);
                }
                FileKind::Submodule => {}
            }
        }
        Ok(Self { git_host, host, repository, branch, at, paths, links, is_complete: list.is_complete })
    }

    /// What an address names in this repository, on the same branch: everything is read at the one commit.
    fn here(&self, address: &str) -> Option<Option<String>> {
        let Address { repository, branch, path } = self.host.address(address).ok()?;
        let is_here = repository == *self.repository && branch.is_none_or(|branch| branch.as_str() == self.branch);
        is_here.then_some(path)
    }
}

impl Shelf for AtCommit<'_> {
    fn name(&self, path: &str) -> String {
        path.to_owned()
    }

    fn own(&self, address: &str) -> Option<String> {
        self.here(address)?
    }

    fn own_folder(&self, address: &str) -> Option<String> {
        Some(self.here(address)?.unwrap_or_default())
    }

    fn elsewhere(&self, address: &str) -> std::result::Result<Address, String> {
        self.host.address(address).map_err(|why| format!("{address} was not followed. {why}"))
    }

    fn page(&self) -> Option<String> {
        Some(self.host.page(self.repository, self.branch, ""))
    }

    fn commit(&self) -> Option<String> {
        match &self.at {
            Revision::Commit(commit) => Some(commit.as_str().to_owned()),
            Revision::Branch(_) => None,
        }
    }

    async fn list(&self, below: &str) -> Result<Listing> {
        let is_below =
            |path: &&String| below.is_empty() || path.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'));
        let paths = self.paths.iter().filter(is_below).cloned().collect();
        Ok(Listing { paths, is_complete: self.is_complete })
    }

    async fn read(&self, paths: &[String], most: usize) -> Result<Vec<Found>> {
        let is_link = |path: &str| ancestors(path).any(|part| self.links.contains(part));
        // Of a repository with more files than are listed any could be there.
        let wanted = |path: &String| {
            let is_there = !self.is_complete || self.paths.contains(path);
            path.parse::<RelPath>().ok().filter(|_| is_there && !is_link(path))
        };
        let wanted: Vec<Option<RelPath>> = paths.iter().map(wanted).collect();
        let asked: Vec<RelPath> = wanted.iter().flatten().cloned().collect();
        let mut read = match asked.is_empty() {
            true => Vec::new(),
            false => self.git_host.read_files(self.repository, &self.at, &asked, most).await?,
        }
        .into_iter();
        let found = paths.iter().zip(wanted).map(|(path, wanted)| match wanted {
            _ if is_link(path) => Ok(Found::Link),
            None => Ok(Found::Missing),
            Some(_) => match read.next() {
                Some(FileAt::Bytes(bytes)) => Ok(Found::Bytes { path: path.clone(), bytes }),
                Some(FileAt::TooLarge) => Ok(Found::TooLarge),
                Some(FileAt::Missing) => Ok(Found::Missing),
                None => Err(Error::internal("the Git host answered for fewer files than were asked for")),
            },
        });
        found.collect()
    }
}
