//! Hints from the database that something is new. One can be lost, so nobody waits for them alone.

use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::time::timeout;

use crate::Db;

/// Listens on one channel of the database, over a connection of its own that is opened again when it is lost.
#[derive(Debug)]
pub(crate) struct Hints<'a> {
    db: &'a Db,
    channel: &'static str,
    listener: Option<PgListener>,
}

impl<'a> Hints<'a> {
    pub(crate) fn on(db: &'a Db, channel: &'static str) -> Self {
        Self { db, channel, listener: None }
    }

    /// Rests until a hint comes, for `at_most` otherwise. The text is the hint's own; none means only that time is over
    /// or that hints may have been lost.
    pub(crate) async fn next(&mut self, at_most: Duration) -> Option<String> {
        timeout(at_most, self.hear()).await.ok().flatten()
    }

    /// Never ends while the database is away: the caller's patience does.
    async fn hear(&mut self) -> Option<String> {
        let listener = match &mut self.listener {
            Some(open) => open,
            None => match open(self.db, self.channel).await {
                Ok(opened) => {
                    self.listener = Some(opened);
                    // What was said before somebody listened is found by looking.
                    return None;
                }
                Err(_) => std::future::pending().await,
            },
        };
        match listener.try_recv().await {
            Ok(Some(hint)) => Some(hint.payload().to_owned()),
            Ok(None) => None,
            Err(_) => {
                self.listener = None;
                std::future::pending().await
            }
        }
    }
}

async fn open(db: &Db, channel: &str) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(&db.pool).await?;
    listener.listen(channel).await?;
    Ok(listener)
}
