//! Git hosts: where repositories live. Each host speaks its own API behind one trait, [`GitHost`]; what is in a
//! repository is written and read by the `git` program, in the same way for all of them.
//!
//! Every effect can be repeated: doing it again says that it is already there, or that something else is.

mod git;
mod gitea;
mod http;
mod names;
mod settings;

use async_trait::async_trait;
use domain::scaffold::tree::{CommitId, CommitSpec, OneLine, RelPath};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use crate::Result;

pub use git::remove_leftovers;
pub use names::{Branch, Handle, NameError, RepositoryName, Revision};
pub use settings::{Deadlines, GitHostKind, GitHostSettings, check_address, connect};

/// Who may read a repository beside those who may write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Private,
    /// Everybody with an account at the host; never the world.
    Internal,
}

/// A repository as the host knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    pub name: RepositoryName,
    pub description: String,
    pub visibility: Visibility,
    /// Everybody with an account at the host may read it: neither it nor its owner is private.
    pub is_open: bool,
    pub default_branch: String,
    pub archived: bool,
    /// The run that made it, when the description still says so.
    pub run: Option<Uuid>,
}

/// A repository in the list of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRepository {
    pub repository: Repository,
    /// When it changed last, as the host writes it: another text after each change.
    pub changed: String,
}

/// A repository to be made for a run. `run` marks it, so that a second attempt recognises its own work.
#[derive(Clone, Debug)]
pub struct NewRepository {
    pub name: RepositoryName,
    pub description: OneLine,
    pub visibility: Visibility,
    pub run: Uuid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creation {
    Created,
    /// It was there and carries the mark of this run.
    Ours,
    /// Somebody else has the name; nothing was changed.
    Taken,
}

/// What became of a push that only ever creates the branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewBranch {
    Pushed(CommitId),
    /// The branch has this very commit, at its head or further down.
    AlreadyThere(CommitId),
    /// The branch holds something else; nothing was changed.
    Taken {
        head: CommitId,
    },
}

/// What became of a push on top of an expected parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    Pushed(CommitId),
    /// The branch has this very commit, at its head or further down.
    AlreadyThere(CommitId),
    /// The head is no longer the expected parent; nothing was changed. None: the branch is gone.
    Moved {
        head: Option<CommitId>,
    },
}

/// A change request from a branch of a repository to another one of it.
#[derive(Clone, Debug)]
pub struct NewChangeRequest {
    pub from: Branch,
    pub into: Branch,
    pub title: OneLine,
    /// Markdown.
    pub body: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequest {
    /// As people call it, within its repository.
    pub number: i64,
    /// Where people look at it.
    pub url: Url,
    pub state: ChangeRequestState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRequestState {
    Open,
    Merged,
    /// Without being merged.
    Closed,
}

/// Where a commit is on a branch. Tells what became of a push whose outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    Head,
    /// Among the 10 000 latest below the head.
    Below {
        head: CommitId,
    },
    Absent {
        head: Option<CommitId>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAt {
    /// No file of that name; folders and symbolic links are none.
    Missing,
    /// More than was asked for.
    TooLarge,
    Bytes(Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// As Git has it; people's own files need not keep the rules of [`RelPath`].
    pub path: String,
    pub kind: FileKind,
    /// Of what is in it: equal ids are equal contents.
    pub id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Plain,
    Executable,
    SymbolicLink,
    /// A commit of another repository.
    Submodule,
}

/// The files of a revision, folders left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileList {
    pub files: Vec<FileRow>,
    /// False when the repository has more files than are read (10 000).
    pub is_complete: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitRow {
    pub id: CommitId,
    /// As written in the commit, which whoever pushes can choose.
    pub author: String,
    /// Likewise.
    pub email: String,
    pub at: OffsetDateTime,
    pub subject: String,
    /// The run that its trailer names.
    pub run: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Unified; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// Cut after 1 MiB.
    pub is_cut: bool,
}

/// Where a team's repositories live. Its members may write all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    pub name: Handle,
    pub visibility: Visibility,
}

/// Pushes and change requests are sent to `url`, signed with `secret` (HMAC-SHA-256 over the body).
#[derive(Clone, Debug)]
pub struct Webhook {
    pub url: Url,
    pub secret: SecretString,
}

impl Webhook {
    /// Tells one from another and tells nothing of the secret.
    pub(crate) fn print(&self) -> [u8; 32] {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.expose_secret().as_bytes());
        mac.map(|mac| mac.chain_update(self.url.as_str()).finalize().into_bytes().into()).unwrap_or_default()
    }
}

/// Reads one repository over HTTP and nothing else.
#[derive(Clone, Debug)]
pub struct ReadCredential {
    pub username: String,
    pub password: SecretString,
}

/// A host of repositories. Missing repositories are [`crate::Error::NotFound`] unless the answer has a word for it;
/// a host that does not answer in time, or refuses the platform's own credential, is [`crate::Error::Unavailable`].
#[async_trait]
pub trait GitHost: Send + Sync {
    async fn find_repository(&self, name: &RepositoryName) -> Result<Option<Repository>>;

    /// What a repository is called by now that had this name before; nothing where the host does not say.
    async fn moved_to(&self, name: &RepositoryName) -> Result<Option<RepositoryName>>;

    /// A page of those that the platform's account may read, from 1; the last page is empty.
    async fn list_repositories(&self, page: u32) -> Result<Vec<ListedRepository>>;

    /// Whether the main branch has such a file, as far as the host's API knows already.
    async fn has_file(&self, repository: &RepositoryName, path: &RelPath) -> Result<bool>;

    /// The owner must be there: see [`GitHost::ensure_organisation`].
    async fn create_repository(&self, wanted: &NewRepository) -> Result<Creation>;

    async fn branch_head(&self, repository: &RepositoryName, branch: &Branch) -> Result<Option<CommitId>>;

    async fn find_commit(&self, repository: &RepositoryName, branch: &Branch, commit: &CommitId) -> Result<Presence>;

    /// Creates the branch with one commit. An unknown outcome is resolved by looking; when that fails too, the error
    /// is `Unavailable` and calling again is safe.
    async fn push_new_branch(
        &self,
        repository: &RepositoryName,
        branch: &Branch,
        commit: &CommitSpec,
    ) -> Result<NewBranch>;

    /// Adds one commit on top of the parent that it names. Outcomes as for [`GitHost::push_new_branch`].
    async fn push_update(&self, repository: &RepositoryName, branch: &Branch, commit: &CommitSpec) -> Result<Update>;

    /// Opens a change request, or answers the one that the branch has or had already. While the host does not see the
    /// branch the error is `Unavailable`, and calling again is safe.
    async fn open_change_request(
        &self,
        repository: &RepositoryName,
        wanted: &NewChangeRequest,
    ) -> Result<ChangeRequest>;

    async fn find_change_request(&self, repository: &RepositoryName, number: i64) -> Result<Option<ChangeRequest>>;

    /// Up to 1 MiB.
    async fn read_file(&self, repository: &RepositoryName, at: &Revision, path: &RelPath) -> Result<FileAt>;

    /// Many at once, in the order of `paths`, each up to `most` bytes.
    async fn read_files(
        &self,
        repository: &RepositoryName,
        at: &Revision,
        paths: &[RelPath],
        most: usize,
    ) -> Result<Vec<FileAt>>;

    async fn list_files(&self, repository: &RepositoryName, at: &Revision) -> Result<FileList>;

    /// The latest first; at most 50, counted along all parents.
    async fn list_commits(&self, repository: &RepositoryName, at: &Revision, most: u8) -> Result<Vec<CommitRow>>;

    async fn diff(&self, repository: &RepositoryName, from: &Revision, to: &Revision) -> Result<Diff>;

    async fn ensure_organisation(&self, wanted: &Organisation) -> Result<()>;

    /// The branch can no longer be deleted or rewritten; pushing on top of it stays possible.
    async fn protect_branch(&self, repository: &RepositoryName, branch: &Branch) -> Result<()>;

    /// One webhook for each address; a second call renews its secret.
    async fn ensure_webhook(&self, repository: &RepositoryName, webhook: &Webhook) -> Result<()>;

    /// A new credential. The one that was issued before ends.
    async fn issue_read_credential(&self, repository: &RepositoryName) -> Result<ReadCredential>;

    /// Where `git` clones from, without a credential.
    fn clone_url(&self, repository: &RepositoryName) -> Url;

    /// Where people look at it.
    fn web_url(&self, repository: &RepositoryName) -> Url;
}

#[cfg(test)]
mod tests;
