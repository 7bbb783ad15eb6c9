//! How far what is known of a cluster can be trusted.

use sqlx::PgExecutor;
use time::{Duration, OffsetDateTime};

use crate::{Result, cluster::RunningKind};

/// What is known of what runs in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterSight {
    pub cluster: String,
    pub is: Sight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Not everything was listed yet.
    Unseen,
    /// It does not answer; what is known was seen before.
    Away { since: OffsetDateTime },
    /// Nobody has looked since then.
    Old { since: OffsetDateTime },
    /// What is known is what is there, as somebody looked who would have told.
    Current { heard: OffsetDateTime },
}

impl Sight {
    pub fn is_current(self) -> bool {
        matches!(self, Self::Current { .. })
    }
}

/// Several times as long as a worker takes to tell that it still looks.
const OLD_AFTER: Duration = Duration::minutes(2);

pub(super) async fn sights(db: impl PgExecutor<'_>) -> Result<Vec<ClusterSight>> {
    let kinds: Vec<String> = RunningKind::ALL.map(|kind| kind.as_str().to_owned()).to_vec();
    let rows = sqlx::query!(
        r#"select k.name, k.reachable, k.reachable_changed_at, count(w.kind) as "listed!", min(w.heard_at) as heard_at, now() as "now!"
           from cluster k left join cluster_watch w on w.cluster_id = k.cluster_id and w.kind = any ($1)
           group by k.cluster_id order by k.name"#,
        &kinds,
    )
    .fetch_all(db)
    .await?;
    let sight = rows.into_iter().map(|row| {
        let is_listed = usize::try_from(row.listed).is_ok_and(|listed| listed >= kinds.len());
        let is = match (row.heard_at, row.reachable, row.reachable_changed_at) {
            (Some(_), Some(false), Some(since)) if is_listed => Sight::Away { since },
            (Some(heard), ..) if is_listed && row.now - heard > OLD_AFTER => Sight::Old { since: heard },
            (Some(heard), ..) if is_listed => Sight::Current { heard },
            _ => Sight::Unseen,
        };
        ClusterSight { cluster: row.name, is }
    });
    Ok(sight.collect())
}
