//! One look at a change: it becomes a branch and a change request, and is followed until that is over. Each part can be
//! repeated any number of times: what it stands on is in the row before anything is pushed.

use domain::{
    access::PersonId,
    scaffold::tree::{CommitId, RelPath},
};
use serde_json::json;
use sqlx::{Postgres, Transaction};

use super::{
    prepared::{self, Prepared, Wanted, refused},
    proposal::{Open, body, commit, subject, unwritable},
    queue::Changes,
};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    catalog::living,
    git_host::{Branch, ChangeRequest, ChangeRequestState, GitHost, NewBranch, NewChangeRequest, RepositoryName},
    keyed_queue::{Claim, Keys, Stop},
};

pub(super) struct Look<'a> {
    pub(super) db: &'a Db,
    pub(super) git_host: &'a dyn GitHost,
    pub(super) claim: &'a Claim,
}

impl Look<'_> {
    pub(super) async fn run(&self) -> std::result::Result<(), Stop> {
        let Some(open) = self.load().await? else { return Ok(()) };
        if let Some(number) = open.number {
            return self.follow(&open, number).await;
        }
        if open.is_late {
            return self
                .fail("The Git host could not be reached for a day, and this was put aside. Ask once more.")
                .await;
        }
        match self.carry_out(&open).await {
            Err(Stop::Platform(Error::Conflict { detail, .. })) => self.fail(&detail).await,
            Err(Stop::Platform(Error::NotFound)) => {
                let Open { repository, branch, .. } = &open;
                self.fail(&format!(
                    "{repository} or its branch {branch} is not there any more, or its history was rewritten. Look at the \
                     entry once it has been read again, then ask once more."
                ))
                .await
            }
            other => other,
        }
    }

    async fn carry_out(&self, open: &Open) -> std::result::Result<(), Stop> {
        let prepared = self.prepare(open).await?;
        let commit = self.push(open, &prepared).await?;
        self.open(open, &commit).await
    }

    pub(super) async fn load(&self) -> Result<Option<Open>> {
        let row = sqlx::query!(
            r#"select c.change_id, c.change, c.seen, c.repository as "repository!", c.branch as "branch!", c.path as "path!",
                      c.parent_id, c.number, c.created_at, c.created_at < now() - interval '1 day' as "is_late!",
                      e.reference as "reference!", p.person_id, p.login, p.name, p.email
               from catalog_change c join entity e using (entity_id) join person p using (person_id)
               where c.change_id = $1 and c.is_waiting"#,
            self.claim.key
        )
        .fetch_optional(&self.db.pool)
        .await?;
        let broken = |what: &str| Error::internal(format!("catalog_change {}: {what} is not readable", self.claim.key));
        row.map(|row| {
            Ok(Open {
                id: row.change_id,
                reference: row.reference.parse().map_err(|_| broken("reference"))?,
                change: serde_json::from_value(row.change).map_err(|_| broken("change"))?,
                seen: serde_json::from_value(row.seen).map_err(|_| broken("seen"))?,
                repository: row.repository.parse().map_err(|_| broken("repository"))?,
                branch: row.branch.parse().map_err(|_| broken("branch"))?,
                path: row.path,
                parent: row.parent_id.map(|id| id.parse()).transpose().map_err(|_| broken("parent_id"))?,
                number: row.number,
                created_at: row.created_at,
                is_late: row.is_late,
                person: PersonId(row.person_id),
                login: row.login,
                name: row.name,
                email: row.email,
            })
        })
        .transpose()
    }

    /// The commit that it is put on top of is kept before it is used: whoever goes on after a crash makes the same.
    pub(super) async fn prepare(&self, open: &Open) -> std::result::Result<(CommitId, Prepared), Stop> {
        let Open { repository, branch, .. } = open;
        let found = self.git_host.find_repository(repository).await?.ok_or(Error::NotFound)?;
        if found.archived {
            return Err(refused(format!("{repository} is archived, and nothing can be changed in it.")).into());
        }
        let path: RelPath = open.path.parse().map_err(|_| refused(unwritable(&open.path)))?;
        let parent = match &open.parent {
            Some(parent) => parent.clone(),
            None => self.git_host.branch_head(repository, branch).await?.ok_or(Error::NotFound)?,
        };
        let wanted = Wanted { reference: &open.reference, change: &open.change, seen: &open.seen };
        let prepared = prepared::prepare(self.git_host, (repository, &parent, &path), &wanted).await?;
        if open.parent.is_none() {
            let mut tx = self.fenced().await?;
            sqlx::query!(
                "update catalog_change set parent_id = $2, diff = $3 where change_id = $1",
                open.id,
                parent.as_str(),
                prepared.diff,
            )
            .execute(&mut *tx)
            .await
            .map_err(Error::from)?;
            tx.commit().await.map_err(Error::from)?;
        }
        Ok((parent, prepared))
    }

    pub(super) async fn push(
        &self,
        open: &Open,
        (parent, prepared): &(CommitId, Prepared),
    ) -> std::result::Result<CommitId, Stop> {
        if !Changes::is_held(self.db, self.claim).await? {
            return Err(Stop::LeaseLost);
        }
        let branch = Branch::of_run(open.id);
        let commit = commit(open, parent.clone(), prepared)?;
        match self.git_host.push_new_branch(&open.repository, &branch, &commit).await? {
            NewBranch::Pushed(id) | NewBranch::AlreadyThere(id) => Ok(id),
            NewBranch::Taken { .. } => Err(refused(format!(
                "{} has a branch {branch} that somebody else has pushed to. Remove it there, then ask once more.",
                open.repository
            ))
            .into()),
        }
    }

    pub(super) async fn open(&self, open: &Open, commit: &CommitId) -> std::result::Result<(), Stop> {
        if !Changes::is_held(self.db, self.claim).await? {
            return Err(Stop::LeaseLost);
        }
        let wanted = NewChangeRequest {
            from: Branch::of_run(open.id),
            into: open.branch.clone(),
            title: subject(open)?,
            body: body(open),
        };
        let ChangeRequest { number, url, .. } = self.git_host.open_change_request(&open.repository, &wanted).await?;
        let mut tx = self.fenced().await?;
        sqlx::query!(
            "update catalog_change set state = 'opened', commit_id = $2, number = $3, url = $4, opened_at = now()
             where change_id = $1 and state = 'asked'",
            open.id,
            commit.as_str(),
            number,
            url.as_str(),
        )
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
        let detail = json!({
            "change": open.id, "repository": open.repository.to_string(), "number": number, "commit": commit.as_str(),
            "for": Actor::Person(open.person).to_string(),
        });
        let target = open.reference.to_string();
        let actor = Actor::System("worker");
        Ok(audit::commit(tx, Record { actor: &actor, action: "catalog.change_request", target, detail }).await?)
    }

    async fn follow(&self, open: &Open, number: i64) -> std::result::Result<(), Stop> {
        let found = self.git_host.find_change_request(&open.repository, number).await?;
        let state = match found.map(|found| found.state) {
            Some(ChangeRequestState::Open) => return Ok(()),
            Some(ChangeRequestState::Merged) => "merged",
            Some(ChangeRequestState::Closed) | None => "closed",
        };
        self.end(state, None).await?;
        // The file is read again at once. In a transaction of its own: whoever reads it locks the source first.
        let mut tx = self.db.pool.begin().await.map_err(Error::from)?;
        living::pushed(&mut tx, &open.repository).await?;
        tx.commit().await.map_err(Error::from)?;
        Ok(())
    }

    async fn fail(&self, problem: &str) -> std::result::Result<(), Stop> {
        self.end("failed", Some(problem)).await
    }

    async fn end(&self, state: &str, problem: Option<&str>) -> std::result::Result<(), Stop> {
        let mut tx = self.fenced().await?;
        sqlx::query!(
            "update catalog_change set state = $2, problem = $3, ended_at = now() where change_id = $1 and is_waiting",
            self.claim.key,
            state,
            problem,
        )
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
        tx.commit().await.map_err(Error::from)?;
        Ok(())
    }

    async fn fenced(&self) -> std::result::Result<Transaction<'static, Postgres>, Stop> {
        Changes::fenced(self.db, self.claim).await?.ok_or(Stop::LeaseLost)
    }
}

/// What the Git host tells of a repository: the changes that wait there are looked at.
pub(in crate::catalog) async fn woken(tx: &mut Transaction<'_, Postgres>, repository: &RepositoryName) -> Result<()> {
    let changes = sqlx::query_scalar!(
        "select change_id from catalog_change where is_waiting and lower(repository) = lower($1) order by change_id",
        repository.to_string()
    )
    .fetch_all(&mut **tx)
    .await?;
    for change in changes {
        Changes::wake(tx, change).await?;
    }
    Ok(())
}
