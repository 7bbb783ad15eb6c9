//! What a pinned environment runs, since when and through whom, and what the branch holds beside it.

use std::collections::HashMap;

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{Db, Result};

/// The commit that is in force, and how the branch compares with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PinnedView {
    pub commit: String,
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// The approved change; null for what a service was created or first seen with.
    pub change: Option<Uuid>,
    pub approved_by: Option<String>,
    /// Head of the branch that it was compared with; null until it was.
    pub head: Option<String>,
    /// How many commits of the branch come after it; null when that is not known.
    pub commits_ahead: Option<u32>,
    /// Paths of what it is built from that the branch holds in another form; null when that is not known.
    pub unreleased_files: Option<Vec<String>>,
    /// A sentence: why the two cannot be compared.
    pub problem: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub compared_at: Option<OffsetDateTime>,
}

impl PinnedView {
    /// The branch holds something for it that does not run there.
    pub fn is_behind(&self) -> bool {
        self.unreleased_files.as_ref().is_some_and(|files| !files.is_empty())
    }
}

pub(super) async fn of(db: &Db, deliveries: &[Uuid]) -> Result<HashMap<Uuid, PinnedView>> {
    // A comparison with an earlier pin is none. Commits are numbered without gaps.
    let rows = sqlx::query!(
        r#"select d.delivery_id as "delivery_id!", p.commit_id as "commit_id!", p.at as "at!", p.change_id as "change_id?",
                  q.login as "approved_by?", c.head as "head?", c.files as "files?", c.problem as "problem?",
                  c.at as "compared_at?", case when t.ordinal < f.ordinal then 0 else t.ordinal - f.ordinal end as "ahead?"
           from delivery d
               join lateral (select * from delivery_pin p where p.delivery_id = d.delivery_id
                             order by p.delivery_pin_id desc limit 1) p on true
               left join person q on q.person_id = p.approved_by
               left join lateral (select d.compared_head as head, d.unreleased_files as files,
                                         d.compare_problem as problem, d.compared_at as at
                                  where d.compared_pin = p.commit_id) c on true
               left join delivery_commit f on f.source_id = d.source_id and f.commit_id = p.commit_id
               left join delivery_commit t on t.source_id = d.source_id and t.commit_id = c.head
           where d.delivery_id = any($1)"#,
        deliveries,
    )
    .fetch_all(&db.pool)
    .await?;
    let views = rows.into_iter().map(|row| {
        let view = PinnedView {
            commit: row.commit_id,
            since: row.at,
            change: row.change_id,
            approved_by: row.approved_by,
            head: row.head,
            commits_ahead: row.ahead.and_then(|count| u32::try_from(count).ok()),
            unreleased_files: row.files,
            problem: row.problem,
            compared_at: row.compared_at,
        };
        (row.delivery_id, view)
    });
    Ok(views.collect())
}
