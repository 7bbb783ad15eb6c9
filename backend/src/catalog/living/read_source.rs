//! One look at a source: nothing is read while its branch stays where it is.

use domain::scaffold::tree::CommitId;

use super::{accept::was_read, led, look::Look, missing::Missing, queue::Sources};
use crate::{
    Error,
    audit::{self, Actor, Record},
    catalog::{
        cause, changing,
        import::{Imported, take_over},
        reading::{AtCommit, Collected, collected_with_docs},
    },
    git_host::{Branch, RepositoryName},
    keyed_queue::Stop,
};
use serde_json::json;

struct Source {
    origin: String,
    repository: RepositoryName,
    branch: Branch,
    path: String,
    etag: Option<String>,
}

/// What the host says.
enum Answer {
    /// It is not there, or not for the platform: what is known stays for now.
    Missing(Missing),
    Same {
        is_open: bool,
    },
    Read {
        is_open: bool,
        commit: CommitId,
        collected: Collected,
    },
}

impl Look<'_, Sources> {
    /// Fails when the host does not answer; what is known stays then too, with the reason beside it.
    pub(super) async fn run(&self) -> Result<(), Stop> {
        let Some(source) = self.load().await? else { return Ok(()) };
        match self.ask(&source).await {
            Ok(Answer::Missing(missing)) => self.missing(missing).await,
            Ok(Answer::Same { is_open }) => self.unchanged(is_open).await,
            Ok(Answer::Read { is_open, commit, collected }) => {
                match self.keep(&source, is_open, &commit, collected).await {
                    Err(Stop::Platform(error)) => self.broken_off(error).await,
                    other => other,
                }
            }
            Err(error) => self.broken_off(error).await,
        }
    }

    /// It took longer than a look may take.
    pub(super) async fn too_slow(&self) -> Result<(), Stop> {
        self.in_trouble("The Git host answers too slowly to be read. What is known stays; it is tried again.").await
    }

    async fn broken_off(&self, error: Error) -> Result<(), Stop> {
        let words = match &error {
            Error::Unavailable { dependency, detail } => {
                format!("It cannot be read now, because {dependency} does not answer: {detail}. It is tried again by itself.")
            }
            _ => "The platform could not take over what it read. It is tried again; tell the platform team if this stays."
                .to_owned(),
        };
        self.in_trouble(&words).await?;
        Err(error.into())
    }

    async fn load(&self) -> crate::Result<Option<Source>> {
        let row = sqlx::query!(
            r#"select origin, repository as "repository!", branch as "branch!", path as "path!", etag from catalog_source
               where source_id = $1 and is_living"#,
            self.claim.key
        )
        .fetch_optional(&self.db.pool)
        .await?;
        let broken = |what: &str| Error::internal(format!("catalog_source {}: {what} is not readable", self.claim.key));
        row.map(|row| {
            Ok(Source {
                origin: row.origin,
                repository: row.repository.parse().map_err(|_| broken("repository"))?,
                branch: row.branch.parse().map_err(|_| broken("branch"))?,
                path: row.path,
                etag: row.etag,
            })
        })
        .transpose()
    }

    async fn ask(&self, source: &Source) -> crate::Result<Answer> {
        let Source { repository, branch, path, etag, .. } = source;
        let Some(found) = self.git_host.find_repository(repository).await? else {
            let moved_to = self.git_host.moved_to(repository).await?;
            return Ok(Answer::Missing(Missing::repository(repository, moved_to)));
        };
        let Some(commit) = self.git_host.branch_head(repository, branch).await? else {
            return Ok(Answer::Missing(Missing::branch(repository, branch)));
        };
        let is_open = found.is_open;
        if etag.as_deref() == Some(commit.as_str()) && !self.waits_for_nobody().await? {
            return Ok(Answer::Same { is_open });
        }
        let shelf = AtCommit::open(self.git_host, self.host, repository, branch.as_str(), &commit).await?;
        Ok(Answer::Read { is_open, commit, collected: collected_with_docs(&shelf, path).await? })
    }

    /// Whether a name was let go that this source wants and that another one had when it was read.
    async fn waits_for_nobody(&self) -> crate::Result<bool> {
        let waits_for_nobody = sqlx::query_scalar!(
            r#"select exists (
                   select from catalog_finding f
                   where f.source_id = $1 and f.reference is not null and not exists (
                       select from entity e
                       where e.reference = f.reference and e.orphaned_at is null and e.removed_at is null)
               ) as "waits_for_nobody!""#,
            self.claim.key
        );
        Ok(waits_for_nobody.fetch_one(&self.db.pool).await?)
    }

    async fn keep(&self, source: &Source, is_open: bool, commit: &CommitId, mut read: Collected) -> Result<(), Stop> {
        let mut tx = self.fenced().await?;
        cause::is_commit(&mut tx, commit.as_str()).await?;
        read.findings.extend(led::unread(&mut tx, &read.elsewhere).await?);
        let imported = take_over(&mut tx, &source.origin, &read).await?;
        was_read(&mut tx, self.claim.key, commit.as_str(), &imported).await?;
        sqlx::query!("update catalog_source set is_open = $2 where source_id = $1", self.claim.key, is_open)
            .execute(&mut *tx)
            .await
            .map_err(Error::from)?;
        changing::woken(&mut tx, &source.repository).await?;
        let Imported { added, changed, orphaned, .. } = imported;
        if added + changed + orphaned == 0 {
            tx.commit().await.map_err(Error::from)?;
            return Ok(());
        }
        let detail = json!({ "commit": commit.as_str(), "added": added, "changed": changed, "orphaned": orphaned });
        let actor = Actor::System("worker");
        let record = Record { actor: &actor, action: "catalog.import", target: source.origin.clone(), detail };
        Ok(audit::commit(tx, record).await?)
    }

    async fn unchanged(&self, is_open: bool) -> Result<(), Stop> {
        let mut tx = self.fenced().await?;
        sqlx::query!(
            "update catalog_source
             set looked_at = now(), is_open = $2, trouble = null, trouble_since = null, missing_since = null,
                 missing_looks = 0, moved_to = null
             where source_id = $1",
            self.claim.key,
            is_open,
        )
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
        tx.commit().await.map_err(Error::from)?;
        Ok(())
    }

    /// The first reason keeps its time whatever is said later. Whether the place is still there is not known now.
    async fn in_trouble(&self, words: &str) -> Result<(), Stop> {
        let mut tx = self.fenced().await?;
        sqlx::query!(
            "update catalog_source set trouble = $2, trouble_since = coalesce(trouble_since, now()) where source_id = $1",
            self.claim.key,
            words,
        )
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
        tx.commit().await.map_err(Error::from)?;
        Ok(())
    }
}
