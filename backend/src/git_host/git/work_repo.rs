//! A bare repository that lives as long as one operation, and the environment in which `git` runs on it.

use std::{
    ffi::OsStr,
    fs::{self, DirEntry, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use domain::scaffold::tree::{CommitId, CommitSpec};
use tempfile::TempDir;
use tokio::process::Command;

use super::{
    DIRECTORY_PREFIX, Remote, explain, import, loggable,
    process::{self, Limits, Output},
};
use crate::{Error, Result, git_host::RepositoryName};

/// Dropping it removes it.
pub(in crate::git_host) struct WorkRepo<'a> {
    folder: TempDir,
    pub(super) remote: &'a Remote,
    pub(super) repository: RepositoryName,
}

/// What a fetch brings.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// The named commits with their folders; contents when they are asked for.
    Folders,
    /// The named commits with everything in them.
    Whole,
    /// So many commits and nothing in them.
    Commits(usize),
    /// All commits and nothing in them.
    History,
}

/// Settings that no repository and no host may change.
const FIXED: [&str; 11] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    // Larger files pass through git piece by piece and are never in memory as a whole.
    "core.bigFileThreshold=16m",
    "core.symlinks=false",
    "http.followRedirects=false",
    "transfer.fsckObjects=true",
    "commit.gpgSign=false",
    "push.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
];
pub(super) const REMOTE_NAME: &str = "host";
const NEW: &str = "refs/waymark/new";
const PARENT: &str = "refs/waymark/parent";
pub(super) const SMALL_OUTPUT: usize = 64 * 1024;
/// What one fetch may bring: a service and its history, and not a disk full of films.
const MOST_FETCHED: u64 = 256 * 1024 * 1024;

/// Removes what killed processes left in the folder for temporary files, once it is older than any operation can be.
/// Returns how many repositories were removed.
pub fn remove_leftovers(older_than: Duration) -> usize {
    leftovers(&std::env::temp_dir(), older_than).filter(|entry| fs::remove_dir_all(entry.path()).is_ok()).count()
}

impl<'a> WorkRepo<'a> {
    pub(in crate::git_host) async fn create(remote: &'a Remote, repository: &RepositoryName) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(DIRECTORY_PREFIX)
            .permissions(Permissions::from_mode(0o700))
            .tempdir()
            .map_err(|e| Error::internal(format!("a folder for temporary files: {e}")))?;
        let repo = Self { folder, remote, repository: repository.clone() };
        repo.local(["init", "--quiet", "--bare", "--template=", "--object-format=sha1", "--", "repo"]).await?;
        Ok(repo)
    }

    /// Writes the commit into this repository. Only an update needs the host: for the parent's folders.
    pub(in crate::git_host) async fn commit(&self, spec: &CommitSpec) -> Result<CommitId> {
        if let Some(parent) = spec.content.parent() {
            self.fetch(&[format!("+{parent}:{PARENT}")], Wanted::Folders).await?;
        }
        let command = self.command(["fast-import", "--quiet", "--done", "--date-format=raw"]);
        let output = process::run(command, import::stream(spec, NEW), self.limits(SMALL_OUTPUT)).await?;
        self.succeeded("fast-import", &output)?;
        let id = self.local(["rev-parse", "--verify", NEW]).await?;
        let id = String::from_utf8_lossy(&id.stdout);
        id.trim_end().parse().map_err(|_| Error::internal("git rev-parse gave no commit id"))
    }

    /// Brings what the refspecs name. A commit or branch that is not there is [`Error::NotFound`].
    pub(super) async fn fetch(&self, refspecs: &[String], wanted: Wanted) -> Result<()> {
        let (depth, filter) = match wanted {
            Wanted::Folders => (Some(1), Some("--filter=blob:none")),
            Wanted::Whole => (Some(1), None),
            Wanted::Commits(count) => (Some(count), Some("--filter=tree:0")),
            Wanted::History => (None, Some("--filter=tree:0")),
        };
        let depth = depth.map(|count| format!("--depth={count}"));
        let fixed = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
        let refspecs = refspecs.iter().map(String::as_str);
        let args = fixed.into_iter().chain(depth.as_deref()).chain(filter).chain(["--", REMOTE_NAME]).chain(refspecs);
        let output = self.talk(args, SMALL_OUTPUT).await?;
        if output.is_success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let is_missing = said.lines().any(|l| {
            l.starts_with("fatal: couldn't find remote ref")
                || l.starts_with("fatal: remote error: upload-pack: not our ref")
        });
        if is_missing {
            return Err(Error::NotFound);
        }
        self.log("fetch", &output);
        Err(explain(&output.stderr))
    }

    /// Runs `git` with the credential, against the remote called `host`.
    pub(super) async fn talk<'s>(&self, args: impl IntoIterator<Item = &'s str>, most_output: usize) -> Result<Output> {
        let mut command = self.command(args);
        command.envs(self.remote.credential());
        process::run(command, Vec::new(), self.limits(most_output)).await
    }

    /// Runs `git` without the credential; its failure is our own.
    pub(super) async fn local<'s>(&self, args: impl IntoIterator<Item = &'s str>) -> Result<Output> {
        let output = process::run(self.command(args), Vec::new(), self.limits(SMALL_OUTPUT)).await?;
        self.succeeded("git", &output)?;
        Ok(output)
    }

    pub(super) fn log(&self, what: &str, output: &Output) {
        let said = loggable(&output.stderr, self.remote);
        tracing::warn!(git.command = what, git.exit = output.code, git.stderr = said, git_host.repository = %self.repository, "git_host.git_failed");
    }

    pub(super) fn limits(&self, most_output: usize) -> Limits {
        Limits { deadline: self.remote.deadline, most_output, most_file: MOST_FETCHED }
    }

    /// `git` with nothing of our own environment but where programs are found.
    pub(in crate::git_host) fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new("git");
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("GIT_DIR", self.path())
            .env("GIT_ALLOW_PROTOCOL", self.remote.host.scheme())
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_ATTR_NOSYSTEM", "1")
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("LC_ALL", "C");
        for setting in FIXED {
            command.args(["-c", setting]);
        }
        let url = self.remote.url(&self.repository);
        command.args(["-c".to_owned(), format!("remote.{REMOTE_NAME}.url={url}")]);
        // What a filtered fetch left out comes from the host when it is needed.
        command.args(["-c".to_owned(), format!("remote.{REMOTE_NAME}.promisor=true")]);
        command.args(args);
        command
    }

    /// For what does not talk to the host, and therefore fails by our own fault.
    pub(super) fn succeeded(&self, what: &str, output: &Output) -> Result<()> {
        if output.is_success() {
            return Ok(());
        }
        self.log(what, output);
        Err(Error::internal(format!("{what} failed with exit code {:?}", output.code)))
    }

    pub(in crate::git_host) fn path(&self) -> PathBuf {
        self.folder.path().join("repo")
    }
}

fn leftovers(parent: &Path, older_than: Duration) -> impl Iterator<Item = DirEntry> {
    let is_old = move |entry: &DirEntry| {
        let is_ours = entry.file_name().to_string_lossy().starts_with(DIRECTORY_PREFIX);
        // Not following links: somebody else may have put one here.
        let metadata = fs::symlink_metadata(entry.path()).ok().filter(|metadata| is_ours && metadata.is_dir());
        metadata.and_then(|m| m.modified().ok()?.elapsed().ok()).is_some_and(|age| age >= older_than)
    };
    fs::read_dir(parent).into_iter().flatten().flatten().filter(is_old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_old_folders_are_leftovers() {
        let parent = tempfile::tempdir().unwrap();
        fs::create_dir(parent.path().join("waymark-git-a")).unwrap();
        fs::create_dir(parent.path().join("other")).unwrap();
        fs::write(parent.path().join("waymark-git-file"), "").unwrap();
        std::os::unix::fs::symlink(parent.path().join("other"), parent.path().join("waymark-git-link")).unwrap();
        let found: Vec<_> = leftovers(parent.path(), Duration::ZERO).map(|entry| entry.file_name()).collect();
        assert_eq!(found, ["waymark-git-a"]);
        assert_eq!(leftovers(parent.path(), Duration::from_secs(3_600)).count(), 0);
    }
}
