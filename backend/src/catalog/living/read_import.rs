//! One look at an import: reads what was asked for, and then whether the branch is still there.

use domain::{catalog::descriptor::Finding, scaffold::tree::CommitId};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    led::{self, MOST_DEPTH},
    look::Look,
    queue::Imports,
};
use crate::{
    Error,
    catalog::{
        import::{Preview, preview},
        reading::{AtCommit, Collected, collected},
    },
    git_host::{Branch, RepositoryName},
    keyed_queue::Stop,
};

struct Import {
    repository: RepositoryName,
    branch: Option<Branch>,
    path: String,
    is_trusted: bool,
    depth: i32,
    /// None while nothing was read.
    commit: Option<String>,
    is_over: bool,
}

/// What came out of reading.
struct Answer {
    branch: String,
    origin: String,
    is_open: bool,
    commit: CommitId,
    collected: Collected,
}

impl Look<'_, Imports> {
    pub(super) async fn run(&self) -> Result<(), Stop> {
        let Some(import) = self.load().await? else { return Ok(()) };
        if import.is_over {
            return self
                .end(
                    "failed",
                    "Nobody accepted this within a day, and it was put aside. Look again if you still want it.",
                )
                .await;
        }
        match &import.commit {
            Some(commit) => self.still_there(&import, commit).await,
            None => match self.read(&import).await? {
                Ok(answer) => self.ready(&answer).await,
                Err(problem) => self.end("failed", &problem).await,
            },
        }
    }

    pub(super) async fn too_slow(&self) -> Result<(), Stop> {
        // What was read already stays; only its branch was asked for.
        if self.load().await?.is_none_or(|import| import.commit.is_some()) {
            return Ok(());
        }
        let message =
            "The Git host answers too slowly for this to be read. Import fewer files at once, or try again later.";
        self.end("failed", message).await
    }

    async fn load(&self) -> crate::Result<Option<Import>> {
        let row = sqlx::query!(
            r#"select repository, branch, path, is_trusted, depth, commit_id, created_at < now() - interval '1 day' as "is_over!"
               from catalog_import where import_id = $1 and is_waiting"#,
            self.claim.key
        )
        .fetch_optional(&self.db.pool)
        .await?;
        let broken = |what: &str| Error::internal(format!("catalog_import {}: {what} is not readable", self.claim.key));
        row.map(|row| {
            Ok(Import {
                repository: row.repository.parse().map_err(|_| broken("repository"))?,
                branch: row.branch.map(|branch| branch.parse()).transpose().map_err(|_| broken("branch"))?,
                path: row.path,
                is_trusted: row.is_trusted,
                depth: row.depth,
                commit: row.commit_id,
                is_over: row.is_over,
            })
        })
        .transpose()
    }

    /// What is not there is a sentence for who asked. What they may not read is told like what is not there.
    async fn read(&self, import: &Import) -> crate::Result<Result<Answer, String>> {
        let Import { repository, path, .. } = import;
        let found = self.git_host.find_repository(repository).await?;
        let Some(found) = found.filter(|found| found.is_open || import.is_trusted) else {
            return Ok(Err(format!(
                "The Git host has no repository {repository} that you and the platform may both read. Check the address, or \
                 ask its owner to import it."
            )));
        };
        let branch = match &import.branch {
            Some(branch) => branch.clone(),
            None => match found.default_branch.parse() {
                Ok(branch) => branch,
                Err(_) => return Ok(Err(format!("{repository} has no main branch yet. Push one, then import it."))),
            },
        };
        let Some(commit) = self.git_host.branch_head(repository, &branch).await? else {
            return Ok(Err(format!("{repository} has no branch {branch}. Check the address, or push the branch.")));
        };
        let shelf = AtCommit::open(self.git_host, self.host, repository, branch.as_str(), &commit).await?;
        let mut collected = collected(&shelf, path).await?;
        if import.depth == MOST_DEPTH {
            too_far(&mut collected);
        }
        if collected.files.is_empty() && collected.unread.is_empty() {
            return Ok(Err(format!(
                "{repository} has no file {path} on its branch {branch}. Give the address of the file that describes your \
                 services, or add one."
            )));
        }
        let origin = self.host.origin(repository, branch.as_str(), path);
        Ok(Ok(Answer { branch: branch.as_str().to_owned(), origin, is_open: found.is_open, commit, collected }))
    }

    async fn ready(&self, answer: &Answer) -> Result<(), Stop> {
        let unwritable = |error: serde_json::Error| Error::internal(format!("catalog_import: {error}"));
        let seen: Preview = preview(self.db, &answer.origin, &answer.collected).await?;
        let content = serde_json::to_vec(&answer.collected).map_err(unwritable)?;
        let preview: Value = serde_json::to_value(&seen).map_err(unwritable)?;
        let hash = Sha256::new().chain_update(answer.commit.as_str()).chain_update(&content);
        let hash = hash.chain_update(preview.to_string()).finalize();
        let mut tx = self.fenced().await?;
        sqlx::query!(
            "update catalog_import
             set state = 'ready', branch = $2, origin = $3, is_open = $4, commit_id = $5, content = $6, hash = $7,
                 preview = $8, read_at = now()
             where import_id = $1 and state = 'reading'",
            self.claim.key,
            answer.branch,
            answer.origin,
            answer.is_open,
            answer.commit.as_str(),
            content,
            hex::encode(hash),
            preview,
        )
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
        led::follow(&mut tx, self.claim.key, &answer.collected.elsewhere).await?;
        tx.commit().await.map_err(Error::from)?;
        Ok(())
    }

    async fn still_there(&self, import: &Import, commit: &str) -> Result<(), Stop> {
        let Some(branch) = &import.branch else { return Ok(()) };
        let head = match self.git_host.branch_head(&import.repository, branch).await {
            Ok(head) => head,
            Err(Error::NotFound) => None,
            Err(other) => return Err(other.into()),
        };
        if head.as_ref().is_some_and(|head| head.as_str() == commit) {
            return Ok(());
        }
        let words = match head {
            Some(head) => {
                let short = head.as_str().get(..7).unwrap_or_default();
                format!("The branch {branch} is at {short} by now. Look again to see what it holds there.")
            }
            None => format!("The branch {branch} is not there any more. Import the file from where it is now."),
        };
        self.end("moved", &words).await
    }

    async fn end(&self, state: &str, words: &str) -> Result<(), Stop> {
        let mut tx = self.fenced().await?;
        sqlx::query!(
            "update catalog_import set state = $2, problem = $3, content = null where import_id = $1 and is_waiting",
            self.claim.key,
            state,
            words,
        )
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
        tx.commit().await.map_err(Error::from)?;
        Ok(())
    }
}

/// Repositories that lead to each other in a row are followed for a while.
fn too_far(collected: &mut Collected) {
    for one in collected.elsewhere.drain(..) {
        let message = format!(
            "{} was not followed: {MOST_DEPTH} repositories lead to it already. Import it by itself.",
            one.target
        );
        collected.findings.push((one.file, Finding::warning(one.place, "location", message)));
    }
}
