//! What other systems tell us. An event is a hint and never a source of truth: it wakes what it concerns, and a worker
//! asks the system itself what happened. One that is lost costs time and nothing else.

mod event;
mod signature;
mod wake;

use sha2::{Digest, Sha256};
use sqlx::{Postgres, Transaction};

use crate::{Db, Result};

use event::Event;
pub use signature::is_signed;

/// Who may tell us something, by the last part of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Forgejo too.
    Gitea,
}

/// One event as it came, its signature checked already.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    pub source: Source,
    /// The sender's id of this delivery, at most 100 visible ASCII characters.
    pub delivery: &'a str,
    /// The sender's word for what happened, such as `push`.
    pub event: &'a str,
    pub body: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    Accepted,
    /// It was told before; nothing was woken.
    Repeated,
}

impl Source {
    pub fn find(name: &str) -> Option<Self> {
        (name == Self::Gitea.as_str()).then_some(Self::Gitea)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gitea => "gitea",
        }
    }

    /// Where it sends its events.
    pub fn path(self) -> String {
        format!("/webhooks/{}", self.as_str())
    }
}

/// Notes that it was told and wakes what it concerns, in one transaction; nothing outside is asked here.
pub async fn receive(db: &Db, message: &Message<'_>) -> Result<Receipt> {
    let event = Event::read(message)?;
    let mut tx = db.pool.begin().await?;
    if !is_new(&mut tx, message, &event).await? {
        return Ok(Receipt::Repeated);
    }
    wake::concerned(&mut tx, &event).await?;
    tx.commit().await?;
    Ok(Receipt::Accepted)
}

/// Removes what was told more than a week ago; answers how many.
pub async fn purge(db: &Db) -> Result<u64> {
    let removed = sqlx::query!("delete from webhook_delivery where received_at < now() - interval '7 days'")
        .execute(&db.pool)
        .await?;
    Ok(removed.rows_affected())
}

/// Whoever comes second, in this process or another, waits for the first and finds its row.
async fn is_new(tx: &mut Transaction<'_, Postgres>, message: &Message<'_>, event: &Event<'_>) -> Result<bool> {
    let body = Sha256::digest(message.body);
    let inserted = sqlx::query!(
        "insert into webhook_delivery (source, delivery, body_sha256, event, repository) values ($1, $2, $3, $4, $5)
         on conflict do nothing",
        message.source.as_str(),
        message.delivery,
        body.as_slice(),
        event.kind,
        event.repository.as_ref().map(ToString::to_string),
    )
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

#[cfg(test)]
mod tests;
