//! The audit trail in Postgres.

use domain::audit::{Broken, Entry, Hash, Verifier, link};
use futures::TryStreamExt;
use serde_json::Value;
use sqlx::{Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    idempotency::{self, Claim},
};

/// What is to be recorded; number, time and hashes are added when it is written.
pub(crate) struct Record<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) action: &'static str,
    pub(crate) target: String,
    pub(crate) detail: Value,
}

/// Who did it.
#[derive(Clone, Debug)]
pub enum Actor {
    Person(domain::access::PersonId),
    /// A part of the platform acting by itself, such as `worker`.
    System(&'static str),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{}", id.0),
            Self::System(component) => write!(f, "system:{component}"),
        }
    }
}

/// How a change came about, beside who made it. It holds for everything that is recorded within a request, so that no
/// operation can leave it out.
#[derive(Clone, Debug, Default)]
pub struct Within {
    /// The API token that was used in place of a session.
    pub token: Option<Uuid>,
    /// The right to carry the request out, where it has an `Idempotency-Key`.
    pub claim: Option<Claim>,
}

tokio::task_local! {
    static WITHIN: Within;
}

/// Runs a request whose entries carry how it came about.
pub async fn within<F: Future>(within: Within, request: F) -> F::Output {
    WITHIN.scope(within, request).await
}

/// Result of a walk over the whole trail.
#[derive(Debug)]
pub enum Verdict {
    /// Every entry holds; the head stands for all of them.
    Intact {
        entries: i64,
        head: Hash,
    },
    Broken(Broken),
    /// The entries hold, but the stored head names another last entry: the end was cut off or added to.
    HeadDiffers {
        entries: i64,
        head_seq: i64,
    },
}

/// Records and commits in one. The head's lock is held until commit, so it is taken as the very last statement.
pub(crate) async fn commit(mut tx: Transaction<'_, Postgres>, record: Record<'_>) -> Result<()> {
    append(&mut tx, record).await?;
    tx.commit().await?;
    Ok(())
}

/// For operations that record several entries; everything else uses [`commit`].
pub(crate) async fn append(tx: &mut Transaction<'_, Postgres>, mut record: Record<'_>) -> Result<()> {
    let Within { token, claim } = WITHIN.try_with(Within::clone).unwrap_or_default();
    if let (Some(token), Some(detail)) = (token, record.detail.as_object_mut()) {
        detail.insert("token".to_owned(), token.to_string().into());
    }
    if let Some(claim) = &claim {
        idempotency::mark_done(tx, claim, &record.target).await?;
    }
    let head = sqlx::query!(r#"select seq, hash, clock_timestamp() as "at!" from audit_head for update"#)
        .fetch_one(&mut **tx)
        .await?;
    let prev = to_hash(&head.hash)?;
    let entry = Entry {
        seq: head.seq + 1,
        at_micros: micros(head.at),
        actor: record.actor.to_string(),
        action: record.action.to_owned(),
        target: record.target,
        detail: record.detail,
    };
    let hash = link(&prev, &entry);
    sqlx::query!(
        "with written as (
             insert into audit_entry (seq, at, actor, action, target, detail, prev_hash, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8))
         update audit_head set seq = $1, hash = $8",
        entry.seq,
        head.at,
        entry.actor,
        entry.action,
        entry.target,
        entry.detail,
        &prev[..],
        &hash[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Recomputes every hash from the entries themselves.
pub async fn verify(db: &Db) -> Result<Verdict> {
    let mut tx = db.pool.begin().await?;
    sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *tx).await?;
    sqlx::query("set local statement_timeout = 0").execute(&mut *tx).await?;
    let head = sqlx::query!("select seq, hash from audit_head").fetch_one(&mut *tx).await?;
    let mut verifier = Verifier::default();
    {
        let mut rows = sqlx::query!("select * from audit_entry order by seq").fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            let entry = Entry {
                seq: row.seq,
                at_micros: micros(row.at),
                actor: row.actor,
                action: row.action,
                target: row.target,
                detail: row.detail,
            };
            if let Err(broken) = verifier.accept(&entry, to_hash(&row.prev_hash)?, to_hash(&row.hash)?) {
                return Ok(Verdict::Broken(broken));
            }
        }
    }
    let (entries, last) = verifier.head();
    if head.seq != entries || head.hash != last {
        return Ok(Verdict::HeadDiffers { entries, head_seq: head.seq });
    }
    Ok(Verdict::Intact { entries, head: last })
}

fn to_hash(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| Error::internal("audit trail: a hash is not 32 bytes long"))
}

fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
