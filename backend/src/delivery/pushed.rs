//! What the Git host tells of a repository.

use sqlx::{Postgres, Transaction};

use super::queue::Sources;
use crate::{Result, git_host::RepositoryName, keyed_queue::Keys};

/// Makes what is delivered from the repository due at once; the pass then has the engine look too. Answers whether
/// anything is delivered from it.
pub(crate) async fn pushed(tx: &mut Transaction<'_, Postgres>, repository: &RepositoryName) -> Result<bool> {
    let sources = sqlx::query_scalar!(
        "update delivery_source set pushes = pushes + 1 where lower(repository) = lower($1) returning source_id",
        repository.to_string(),
    )
    .fetch_all(&mut **tx)
    .await?;
    for source in &sources {
        Sources::wake(tx, *source).await?;
    }
    Ok(!sources.is_empty())
}
