//! Pushing one commit so that it lands once, whatever happens on the way.

use domain::scaffold::tree::{CommitId, CommitSpec};

use super::{Remote, WorkRepo, explain};
use crate::{
    Error, Result,
    git_host::{Branch, Presence, RepositoryName},
};

/// What became of a push.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::git_host) enum Landing {
    Pushed(CommitId),
    AlreadyThere(CommitId),
    /// The branch is not where the commit expects it to be; nothing was changed.
    Elsewhere {
        head: Option<CommitId>,
    },
}

const MOST_REPORT: usize = 64 * 1024;

/// Builds the commit and pushes it, if the branch is still where the commit expects it: at its parent, or nowhere when
/// `expected` is none. The host checks that expectation again as it moves the branch.
pub(in crate::git_host) async fn land(
    remote: &Remote,
    repository: &RepositoryName,
    branch: &Branch,
    spec: &CommitSpec,
    expected: Option<&CommitId>,
) -> Result<Landing> {
    let repo = WorkRepo::create(remote, repository).await?;
    let id = match repo.commit(spec).await {
        Ok(id) => id,
        // The parent is gone from the host: its history was rewritten.
        Err(Error::NotFound) => return Ok(Landing::Elsewhere { head: repo.head(branch).await? }),
        Err(error) => return Err(error),
    };
    if let Some(settled) = settle(&repo, branch, &id, expected).await? {
        return Ok(settled);
    }
    let failure = match repo.push(branch, &id, expected).await {
        Ok(()) => return Ok(Landing::Pushed(id)),
        Err(failure) => failure,
    };
    // The answer may have been lost after the work was done, so the branch itself is asked.
    match settle(&repo, branch, &id, expected).await? {
        Some(Landing::AlreadyThere(id)) => Ok(Landing::Pushed(id)),
        Some(elsewhere) => Ok(elsewhere),
        None => Err(failure),
    }
}

/// None when the branch is where the commit expects it, so that pushing makes sense.
async fn settle(
    repo: &WorkRepo<'_>,
    branch: &Branch,
    id: &CommitId,
    expected: Option<&CommitId>,
) -> Result<Option<Landing>> {
    Ok(match repo.find(branch, id).await? {
        Presence::Head | Presence::Below { .. } => Some(Landing::AlreadyThere(id.clone())),
        Presence::Absent { head } if head.as_ref() == expected => None,
        Presence::Absent { head } => Some(Landing::Elsewhere { head }),
    })
}

impl WorkRepo<'_> {
    /// Succeeds when the host says that the branch now has this commit.
    pub(in crate::git_host) async fn push(
        &self,
        branch: &Branch,
        id: &CommitId,
        expected: Option<&CommitId>,
    ) -> Result<()> {
        let branch = branch.full();
        let lease = format!("--force-with-lease={branch}:{}", expected.map_or("", CommitId::as_str));
        let refspec = format!("{id}:{branch}");
        let args = ["push", "--porcelain", "--no-verify", "--no-signed", &lease, "--", "host", &refspec];
        let output = self.talk(args, MOST_REPORT).await?;
        if output.is_success() {
            return Ok(());
        }
        self.log("push", &output);
        let report = String::from_utf8_lossy(&output.stdout);
        if report.lines().any(|l| l.starts_with("!\t") && l.contains("[remote rejected]")) {
            return Err(Error::Conflict {
                code: "push_refused",
                detail: format!(
                    "The Git host refused the push to {}. Look at its branch rules, then try again.",
                    self.repository
                ),
            });
        }
        Err(explain(&output.stderr))
    }
}
