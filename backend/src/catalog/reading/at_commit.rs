//! Files of a repository at a Git host, all of them at one commit.

use domain::scaffold::tree::{CommitId, RelPath};

use super::{Found, Listing, Shelf};
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
    /// Plain files alone: what a link points at is not followed here.
    paths: Vec<String>,
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
        let plain = list.files.into_iter().filter(|row| matches!(row.kind, FileKind::Plain | FileKind::Executable));
        let paths = plain.map(|row| row.path).collect();
        Ok(Self { git_host, host, repository, branch, at, paths, is_complete: list.is_complete })
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

    async fn read(&self, paths: &[String]) -> Result<Vec<Found>> {
        // Of a repository with more files than are listed any could be there.
        let wanted = |path: &String| {
            let is_there = !self.is_complete || self.paths.contains(path);
            path.parse::<RelPath>().ok().filter(|_| is_there)
        };
        let wanted: Vec<Option<RelPath>> = paths.iter().map(wanted).collect();
        let asked: Vec<RelPath> = wanted.iter().flatten().cloned().collect();
        let mut read = match asked.is_empty() {
            true => Vec::new(),
            false => self.git_host.read_files(self.repository, &self.at, &asked).await?,
        }
        .into_iter();
        let found = paths.iter().zip(wanted).map(|(path, wanted)| match wanted {
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
