//! Gitea, and Forgejo, which speaks the same. Its API lags behind its repositories (a first push is "empty" for a while),
//! so what repositories hold is asked through `git`.

mod access;
mod change_requests;
mod repositories;

use async_trait::async_trait;
use domain::scaffold::tree::{CommitId, CommitSpec, MAX_FILE_BYTES, RelPath};
use url::Url;

use super::{
    Branch, ChangeRequest, CommitRow, Creation, Diff, FileAt, FileList, GitHost, ListedRepository, NewBranch,
    NewChangeRequest, NewRepository, Organisation, Presence, ReadCredential, Repository, RepositoryName, Revision,
    Update, Webhook,
    git::{Landing, Remote, WorkRepo, land},
    http::Api,
};
use crate::{Error, Result};

pub(super) struct Gitea {
    api: Api,
    remote: Remote,
}

impl Gitea {
    pub(super) fn new(api: Api, remote: Remote) -> Self {
        Self { api, remote }
    }
}

#[async_trait]
impl GitHost for Gitea {
    async fn find_repository(&self, name: &RepositoryName) -> Result<Option<Repository>> {
        repositories::find(&self.api, name).await
    }

    async fn moved_to(&self, name: &RepositoryName) -> Result<Option<RepositoryName>> {
        repositories::moved_to(&self.api, name).await
    }

    async fn list_repositories(&self, page: u32) -> Result<Vec<ListedRepository>> {
        repositories::list(&self.api, page).await
    }

    async fn has_file(&self, repository: &RepositoryName, path: &RelPath) -> Result<bool> {
        repositories::has_file(&self.api, repository, path).await
    }

    async fn create_repository(&self, wanted: &NewRepository) -> Result<Creation> {
        if repositories::create(&self.api, wanted).await? {
            return Ok(Creation::Created);
        }
        if repositories::find(&self.api, &wanted.name).await?.is_some_and(|found| found.run == Some(wanted.run)) {
            return Ok(Creation::Ours);
        }
        // People edit descriptions; the commits still tell.
        match self.list_commits(&wanted.name, &Revision::Branch(Branch::main()), 50).await {
            Ok(rows) if rows.iter().any(|row| row.run == Some(wanted.run)) => Ok(Creation::Ours),
            Ok(_) | Err(Error::NotFound) => Ok(Creation::Taken),
            Err(error) => Err(error),
        }
    }

    async fn branch_head(&self, repository: &RepositoryName, branch: &Branch) -> Result<Option<CommitId>> {
        WorkRepo::create(&self.remote, repository).await?.head(branch).await
    }

    async fn find_commit(&self, repository: &RepositoryName, branch: &Branch, commit: &CommitId) -> Result<Presence> {
        WorkRepo::create(&self.remote, repository).await?.find(branch, commit).await
    }

    async fn push_new_branch(
        &self,
        repository: &RepositoryName,
        branch: &Branch,
        commit: &CommitSpec,
    ) -> Result<NewBranch> {
        Ok(match land(&self.remote, repository, branch, commit, None).await? {
            Landing::Pushed(id) => NewBranch::Pushed(id),
            Landing::AlreadyThere(id) => NewBranch::AlreadyThere(id),
            Landing::Elsewhere { head: Some(head) } => NewBranch::Taken { head },
            // Without a branch only a missing parent can stand in the way.
            Landing::Elsewhere { head: None } => return Err(Error::NotFound),
        })
    }

    async fn push_update(&self, repository: &RepositoryName, branch: &Branch, commit: &CommitSpec) -> Result<Update> {
        let parent = commit.content.parent();
        if parent.is_none() {
            return Err(Error::internal("an update needs a parent; a first commit is pushed as a new branch"));
        }
        Ok(match land(&self.remote, repository, branch, commit, parent).await? {
            Landing::Pushed(id) => Update::Pushed(id),
            Landing::AlreadyThere(id) => Update::AlreadyThere(id),
            Landing::Elsewhere { head } => Update::Moved { head },
        })
    }

    async fn open_change_request(
        &self,
        repository: &RepositoryName,
        wanted: &NewChangeRequest,
    ) -> Result<ChangeRequest> {
        change_requests::open(&self.api, &self.remote.page(repository), repository, wanted).await
    }

    async fn find_change_request(&self, repository: &RepositoryName, number: i64) -> Result<Option<ChangeRequest>> {
        change_requests::find(&self.api, &self.remote.page(repository), repository, number).await
    }

    async fn read_file(&self, repository: &RepositoryName, at: &Revision, path: &RelPath) -> Result<FileAt> {
        let mut found = self.read_files(repository, at, std::slice::from_ref(path), MAX_FILE_BYTES).await?;
        Ok(found.pop().unwrap_or(FileAt::Missing))
    }

    async fn read_files(
        &self,
        repository: &RepositoryName,
        at: &Revision,
        paths: &[RelPath],
        most: usize,
    ) -> Result<Vec<FileAt>> {
        WorkRepo::create(&self.remote, repository).await?.read_files(at, paths, most).await
    }

    async fn list_files(&self, repository: &RepositoryName, at: &Revision) -> Result<FileList> {
        WorkRepo::create(&self.remote, repository).await?.list_files(at).await
    }

    async fn list_commits(&self, repository: &RepositoryName, at: &Revision, most: u8) -> Result<Vec<CommitRow>> {
        WorkRepo::create(&self.remote, repository).await?.list_commits(at, most).await
    }

    async fn diff(&self, repository: &RepositoryName, from: &Revision, to: &Revision) -> Result<Diff> {
        WorkRepo::create(&self.remote, repository).await?.diff(from, to).await
    }

    async fn ensure_organisation(&self, wanted: &Organisation) -> Result<()> {
        access::ensure_organisation(&self.api, wanted).await
    }

    async fn protect_branch(&self, repository: &RepositoryName, branch: &Branch) -> Result<()> {
        access::protect_branch(&self.api, repository, branch).await
    }

    async fn ensure_webhook(&self, repository: &RepositoryName, webhook: &Webhook) -> Result<()> {
        access::ensure_webhook(&self.api, repository, webhook).await
    }

    async fn issue_read_credential(&self, repository: &RepositoryName) -> Result<ReadCredential> {
        access::issue_read_credential(&self.api, repository).await
    }

    fn clone_url(&self, repository: &RepositoryName) -> Url {
        self.remote.url(repository)
    }

    fn web_url(&self, repository: &RepositoryName) -> Url {
        self.remote.page(repository)
    }
}
