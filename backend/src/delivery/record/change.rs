//! How far a change has come.

use domain::{
    delivery::{ChangeKind, ChangeState},
    scaffold::tree::RelPath,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{super::queue::Sources, pin};
use crate::{
    Db, Error, Result,
    audit::{self, Actor, Record},
    keyed_queue::{Claim, Keys},
};

/// One file of a change; `None` where there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::delivery) struct FileChange {
    pub(in crate::delivery) path: RelPath,
    pub(in crate::delivery) before: Option<String>,
    pub(in crate::delivery) after: Option<String>,
}

/// A change that a worker has to act on.
#[derive(Clone, Debug)]
pub(in crate::delivery) struct OpenChange {
    pub(in crate::delivery) id: Uuid,
    /// Where it changes something.
    pub(in crate::delivery) place: Uuid,
    pub(in crate::delivery) folder: RelPath,
    pub(in crate::delivery) kind: ChangeKind,
    pub(in crate::delivery) state: ChangeState,
    pub(in crate::delivery) from: Option<Uuid>,
    pub(in crate::delivery) to_commit: Option<String>,
    pub(in crate::delivery) files: Vec<FileChange>,
    pub(in crate::delivery) subject: Option<String>,
    pub(in crate::delivery) parent: Option<String>,
    /// The pin that the reader saw on the left side; `None` where the environment follows the branch.
    pub(in crate::delivery) compared_with: Option<String>,
    /// Hash of everything that the reader saw on the right side.
    pub(in crate::delivery) content: Option<Vec<u8>>,
    /// Somebody other than whoever asked has agreed.
    pub(in crate::delivery) is_approved: bool,
    pub(in crate::delivery) login: String,
    pub(in crate::delivery) name: String,
    pub(in crate::delivery) email: Option<String>,
    pub(in crate::delivery) created_at: OffsetDateTime,
    pub(in crate::delivery) confirmed_at: Option<OffsetDateTime>,
}

/// What people read before they agree.
pub(in crate::delivery) struct Prepared<'a> {
    pub(in crate::delivery) parent: &'a str,
    pub(in crate::delivery) subject: &'a str,
    pub(in crate::delivery) diff: &'a str,
    /// What the commit writes.
    pub(in crate::delivery) files: &'a [FileChange],
    pub(in crate::delivery) compared_with: Option<&'a str>,
    pub(in crate::delivery) content: Option<[u8; 32]>,
    pub(in crate::delivery) notes: &'a [String],
}

/// In the order in which they were agreed to.
pub(in crate::delivery) async fn open_changes(db: &Db, source: Uuid) -> Result<Vec<OpenChange>> {
    let rows = sqlx::query!(
        r#"select c.change_id, c.delivery_id, d.folder, c.kind, c.state, c.from_delivery, c.to_commit, c.files, c.subject,
                c.parent_commit, c.compared_with, c.content, coalesce(c.decided_by <> c.person_id, false) as "is_approved!",
                p.login, p.name, p.email, c.created_at, c.confirmed_at
         from delivery_change c join delivery d using (delivery_id) join person p on p.person_id = c.person_id
         where d.source_id = $1 and c.state in ('preparing', 'queued')
         order by coalesce(c.confirmed_at, c.created_at), c.change_id"#,
        source
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let broken = |e: String| Error::internal(format!("delivery_change {}: {e}", row.change_id));
            Ok(OpenChange {
                id: row.change_id,
                place: row.delivery_id,
                folder: row.folder.parse().map_err(|_| broken("folder".into()))?,
                kind: row.kind.parse().map_err(|_| broken("kind".into()))?,
                state: row.state.parse().map_err(|_| broken("state".into()))?,
                from: row.from_delivery,
                to_commit: row.to_commit,
                files: row
                    .files
                    .map(serde_json::from_value)
                    .transpose()
                    .map_err(|e| broken(e.to_string()))?
                    .unwrap_or_default(),
                subject: row.subject,
                parent: row.parent_commit,
                compared_with: row.compared_with,
                content: row.content,
                is_approved: row.is_approved,
                login: row.login,
                name: row.name,
                email: row.email,
                created_at: row.created_at,
                confirmed_at: row.confirmed_at,
            })
        })
        .collect()
}

pub(in crate::delivery) async fn prepared(db: &Db, claim: &Claim, change: Uuid, what: &Prepared<'_>) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    let files = serde_json::to_value(what.files).map_err(|e| Error::internal(format!("files: {e}")))?;
    sqlx::query!(
        "update delivery_change
         set state = 'ready', files = $2, diff = $3, subject = $4, parent_commit = $5, compared_with = $6, content = $7,
             notes = $8
         where change_id = $1 and state = 'preparing'",
        change,
        files,
        what.diff,
        what.subject,
        what.parent,
        what.compared_with,
        what.content.as_ref().map(|hash| &hash[..]),
        what.notes,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

pub(in crate::delivery) async fn parent(db: &Db, claim: &Claim, change: Uuid, parent: &str) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    sqlx::query!("update delivery_change set parent_commit = $2 where change_id = $1", change, parent)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// The commit is there: written once, with its place in the trail, and with the pin where there is one.
pub(in crate::delivery) async fn pushed(
    db: &Db,
    claim: &Claim,
    change: &OpenChange,
    commit: &str,
    is_pinned: bool,
) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    let updated = sqlx::query!(
        "update delivery_change set state = 'syncing', commit_id = $2, pushed_at = now()
         where change_id = $1 and state = 'queued'",
        change.id,
        commit,
    )
    .execute(&mut *tx)
    .await?;
    if updated.rows_affected() == 0 {
        return Ok(true);
    }
    if is_pinned {
        pin::moved(&mut tx, change.id).await?;
    }
    let record = Record {
        actor: &Actor::System("worker"),
        action: "delivery.push",
        target: format!("delivery_change:{}", change.id),
        detail: json!({ "commit": commit, "requested_by": change.login }),
    };
    audit::commit(tx, record).await?;
    Ok(true)
}

pub(in crate::delivery) async fn end_change(
    db: &Db,
    claim: &Claim,
    change: Uuid,
    state: ChangeState,
    problem: &str,
) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    let updated = sqlx::query!(
        "update delivery_change set state = $2, problem = $3, finished_at = now()
         where change_id = $1 and state in ('preparing', 'queued')",
        change,
        state.as_str(),
        problem,
    )
    .execute(&mut *tx)
    .await?;
    if updated.rows_affected() == 0 {
        return Ok(true);
    }
    let record = Record {
        actor: &Actor::System("worker"),
        action: "delivery.end",
        target: format!("delivery_change:{change}"),
        detail: json!({ "state": state, "problem": problem }),
    };
    audit::commit(tx, record).await?;
    Ok(true)
}

/// Changes of a place whose commit is pushed and has not arrived, with the commit.
pub(in crate::delivery) async fn syncing(db: &Db, place: Uuid) -> Result<Vec<(Uuid, String)>> {
    let rows = sqlx::query!(
        r#"select change_id, commit_id as "commit_id!" from delivery_change
           where delivery_id = $1 and state = 'syncing' and commit_id is not null"#,
        place
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.change_id, row.commit_id)).collect())
}

pub(in crate::delivery) async fn synced(db: &Db, claim: &Claim, change: Uuid) -> Result<bool> {
    let Some(mut tx) = Sources::fenced(db, claim).await? else { return Ok(false) };
    let updated = sqlx::query!(
        "update delivery_change set state = 'synced', finished_at = now() where change_id = $1 and state = 'syncing'",
        change
    )
    .execute(&mut *tx)
    .await?;
    if updated.rows_affected() == 0 {
        return Ok(true);
    }
    let record = Record {
        actor: &Actor::System("worker"),
        action: "delivery.synced",
        target: format!("delivery_change:{change}"),
        detail: json!({}),
    };
    audit::commit(tx, record).await?;
    Ok(true)
}
