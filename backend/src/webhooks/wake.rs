//! Whom an event concerns. Everything that has to look when a repository changes is woken from here.

use sqlx::{Postgres, Transaction};

use super::event::Event;
use crate::{Result, catalog::living, delivery};

const PUSH: &str = "push";

/// A repository that nobody knows wakes nobody.
pub(super) async fn concerned(tx: &mut Transaction<'_, Postgres>, event: &Event<'_>) -> Result<()> {
    if let (PUSH, Some(repository)) = (event.kind, &event.repository) {
        delivery::pushed(tx, repository).await?;
        living::pushed(tx, repository).await?;
    }
    Ok(())
}
