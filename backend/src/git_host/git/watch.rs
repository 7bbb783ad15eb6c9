//! Where branches are, and what lies between two revisions.

use domain::scaffold::tree::CommitId;

use super::{WorkRepo, explain, process, work_repo::Wanted};
use crate::{
    Error, Result,
    git_host::{Branch, Diff, Presence, Revision},
};

const SMALL_OUTPUT: usize = 64 * 1024;
const MOST_DIFF: usize = 1024 * 1024;
/// Of history, when a commit is looked for below a head.
const MOST_COMMITS: usize = 10_000;
const BYTES_OF_A_COMMIT_LINE: usize = 41;

impl WorkRepo<'_> {
    pub(in crate::git_host) async fn head(&self, branch: &Branch) -> Result<Option<CommitId>> {
        let branch = branch.full();
        let output = self.talk(["ls-remote", "--refs", "--quiet", "--", "host", &branch], SMALL_OUTPUT).await?;
        if !output.is_success() {
            self.log("ls-remote", &output);
            return Err(explain(&output.stderr));
        }
        let report = String::from_utf8_lossy(&output.stdout);
        // The pattern matches the ends of names, so longer ones can be among the lines.
        let line = report.lines().find_map(|line| line.split_once('\t').filter(|(_, name)| *name == branch));
        let id = line.map(|(id, _)| id.parse());
        id.transpose().map_err(|_| Error::internal("the Git host names no commit id of SHA-1"))
    }

    pub(in crate::git_host) async fn find(&self, branch: &Branch, commit: &CommitId) -> Result<Presence> {
        match self.head(branch).await? {
            None => Ok(Presence::Absent { head: None }),
            Some(head) if head == *commit => Ok(Presence::Head),
            Some(head) if self.is_below(branch, commit).await? => Ok(Presence::Below { head }),
            Some(head) => Ok(Presence::Absent { head: Some(head) }),
        }
    }

    pub(in crate::git_host) async fn diff(&self, from: &Revision, to: &Revision) -> Result<Diff> {
        let refspecs = [format!("+{}:refs/waymark/from", from.full()), format!("+{}:refs/waymark/to", to.full())];
        self.fetch(&refspecs, Wanted::Whole).await?;
        let args =
            ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "refs/waymark/from", "refs/waymark/to", "--"];
        let output = process::run(self.command(args), Vec::new(), self.limits(MOST_DIFF)).await?;
        if !output.is_cut {
            self.succeeded("diff", &output)?;
        }
        Ok(Diff { text: String::from_utf8_lossy(&output.stdout).into_owned(), is_cut: output.is_cut })
    }

    /// The list is searched here, because asking `git` for a commit that it does not have would send it to the host.
    async fn is_below(&self, branch: &Branch, commit: &CommitId) -> Result<bool> {
        let fresh = WorkRepo::create(self.remote, &self.repository).await?;
        fresh.fetch(&[format!("+{}:refs/waymark/head", branch.full())], Wanted::History).await?;
        let most = format!("--max-count={MOST_COMMITS}");
        let limits = fresh.limits(MOST_COMMITS * BYTES_OF_A_COMMIT_LINE);
        let command = fresh.command(["rev-list", &most, "refs/waymark/head", "--"]);
        let output = process::run(command, Vec::new(), limits).await?;
        fresh.succeeded("rev-list", &output)?;
        Ok(output.stdout.split(|b| *b == b'\n').any(|line| line == commit.as_str().as_bytes()))
    }
}
