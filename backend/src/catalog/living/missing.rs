//! Sources whose repository or branch the host does not have. They are stale at first, as somebody may put it back; a day
//! later they end.

use super::{end::end, look::Look, queue::Sources};
use crate::{
    Error,
    audit::{self, Actor},
    git_host::{Branch, RepositoryName},
    keyed_queue::Stop,
};

/// What the host says of a place that it does not have.
pub(super) struct Missing {
    words: String,
    /// It may not be for everybody any more, either.
    is_hidden: bool,
    moved_to: Option<RepositoryName>,
}

/// A host that says so this often, for a day at least, is believed.
const LOOKS: i32 = 5;

impl Missing {
    pub(super) fn repository(repository: &RepositoryName, moved_to: Option<RepositoryName>) -> Self {
        let words = match &moved_to {
            Some(now) => {
                format!("The Git host calls {repository} {now} by now. Read it from there, or end this source.")
            }
            None => format!(
                "The Git host has no repository {repository} any more, or hides it from the platform. Import it from where \
                 it is now, or give the platform's account the right to read it. After a day like this the source ends."
            ),
        };
        Self { words, is_hidden: moved_to.is_none(), moved_to }
    }

    pub(super) fn branch(repository: &RepositoryName, branch: &Branch) -> Self {
        let words = format!(
            "{repository} has no branch {branch}. Push it again, or import the file from the branch that took its place. \
             After a day like this the source ends."
        );
        Self { words, is_hidden: false, moved_to: None }
    }
}

impl Look<'_, Sources> {
    /// The first reason keeps its time. What only has another name is never ended by itself.
    pub(super) async fn missing(&self, missing: Missing) -> Result<(), Stop> {
        let mut tx = self.fenced().await?;
        let moved_to = missing.moved_to.map(|name| name.to_string());
        let is_over = sqlx::query_scalar!(
            r#"update catalog_source
               set looked_at = now(), trouble = $2, trouble_since = coalesce(trouble_since, now()),
                   missing_since = coalesce(missing_since, now()), missing_looks = missing_looks + 1, moved_to = $3,
                   is_open = is_open and not $4
               where source_id = $1
               returning moved_to is null and missing_looks >= $5 and missing_since < now() - interval '24 hours'
                   as "is_over!""#,
            self.claim.key,
            missing.words,
            moved_to,
            missing.is_hidden,
            LOOKS,
        )
        .fetch_one(&mut *tx)
        .await
        .map_err(Error::from)?;
        if is_over {
            let ended = end(&mut tx, self.claim.key, None).await?;
            return Ok(audit::commit(tx, ended.record(&Actor::System("worker"))).await?);
        }
        Ok(tx.commit().await.map_err(Error::from)?)
    }
}
