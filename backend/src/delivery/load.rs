//! A repository and its places as a pass reads them.

use domain::{
    delivery::{DeliveryIntent, Observed, needs_approval},
    scaffold::tree::{CommitId, RelPath},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Db, Error, Result,
    git_host::{Branch, RepositoryName},
};

pub(super) struct Source {
    pub(super) id: Uuid,
    pub(super) repository: RepositoryName,
    pub(super) branch: Branch,
    pub(super) credential_generation: i64,
    pub(super) credential_issued_at: Option<OffsetDateTime>,
    /// How often the Git host told of a push, and how much of that the engine was told.
    pub(super) pushes: i64,
    pub(super) pushes_told: i64,
    /// Of the webhook that the host was last seen to have.
    pub(super) webhook_print: Option<Vec<u8>>,
    /// It was not looked for lately.
    pub(super) is_webhook_due: bool,
    pub(super) places: Vec<Place>,
    /// By the database's clock.
    pub(super) now: OffsetDateTime,
}

/// One environment.
pub(super) struct Place {
    pub(super) id: Uuid,
    pub(super) intent: DeliveryIntent,
    pub(super) revision: i64,
    pub(super) observed_revision: i64,
    pub(super) credential_generation: i64,
    /// As of the look before.
    pub(super) observed: Option<Observed>,
    pub(super) desired_commit: Option<String>,
    pub(super) reviewed_commit: Option<String>,
    /// The head and the pin that were compared last.
    pub(super) compared: (Option<String>, Option<String>),
    /// The namespace stands in the cluster.
    pub(super) has_namespace: bool,
}

impl Source {
    /// No place follows the branch, so that the engine never asks what was pushed.
    pub(super) fn is_all_pinned(&self) -> bool {
        self.places.iter().all(|place| place.intent.pin.is_some())
    }
}

impl Place {
    pub(super) fn namespace(&self) -> &str {
        self.intent.namespace.as_str()
    }

    /// It must not follow the branch, and which commit it runs instead is not written down yet.
    pub(super) fn is_unpinned(&self) -> bool {
        self.intent.pin.is_none() && needs_approval(&self.intent.environment)
    }

    /// What should run there while the branch is at `head`.
    pub(super) fn wanted<'a>(&'a self, head: &'a CommitId) -> &'a CommitId {
        self.intent.pin.as_ref().unwrap_or(head)
    }
}

/// `None` when nothing is delivered from it any more.
pub(super) async fn load(
    db: &Db,
    source: Uuid,
    clone_url: impl Fn(&RepositoryName) -> String,
    interval: u32,
) -> Result<Option<Source>> {
    let Some(row) = sqlx::query!(
        r#"select repository, branch, credential_generation, credential_issued_at, pushes, pushes_told, webhook_print,
                  coalesce(webhook_seen_at < now() - interval '1 hour', true) as "is_webhook_due!", now() as "now!"
           from delivery_source where source_id = $1"#,
        source
    )
    .fetch_optional(&db.pool)
    .await?
    else {
        return Ok(None);
    };
    let broken = |what: &str| Error::internal(format!("delivery_source {source}: {what} is not readable"));
    let repository: RepositoryName = row.repository.parse().map_err(|_| broken("repository"))?;
    let places = places(db, source, &clone_url(&repository), &row.branch, interval).await?;
    if places.is_empty() {
        return Ok(None);
    }
    Ok(Some(Source {
        id: source,
        branch: row.branch.parse().map_err(|_| broken("branch"))?,
        credential_generation: row.credential_generation,
        credential_issued_at: row.credential_issued_at,
        pushes: row.pushes,
        pushes_told: row.pushes_told,
        webhook_print: row.webhook_print,
        is_webhook_due: row.is_webhook_due,
        places,
        now: row.now,
        repository,
    }))
}

async fn places(db: &Db, source: Uuid, clone_url: &str, branch: &str, interval: u32) -> Result<Vec<Place>> {
    let rows = sqlx::query!(
        r#"select d.delivery_id, d.namespace_id, d.folder, d.revision, d.observed_revision, d.credential_generation, d.observed,
                  d.desired_commit, d.reviewed_commit, d.compared_head, d.compared_pin, n.name, n.team, n.service, n.environment,
                  n.observed_revision > 0 as "has_namespace!", i.instance_id,
                  (select p.commit_id from delivery_pin p where p.delivery_id = d.delivery_id
                   order by p.delivery_pin_id desc limit 1) as pin
           from delivery d join tenant_namespace n using (namespace_id) cross join installation i
           where d.source_id = $1 order by n.name"#,
        source
    )
    .fetch_all(&db.pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            let broken = |what: &str| Error::internal(format!("delivery {}: {what} is not readable", row.delivery_id));
            let folder: RelPath = row.folder.parse().map_err(|_| broken("folder"))?;
            Ok(Place {
                id: row.delivery_id,
                intent: DeliveryIntent {
                    instance: row.instance_id,
                    namespace_id: row.namespace_id,
                    namespace: row.name.parse().map_err(|_| broken("namespace"))?,
                    team: row.team,
                    service: row.service,
                    environment: row.environment,
                    clone_url: clone_url.to_owned(),
                    branch: branch.to_owned(),
                    pin: row.pin.map(|id| id.parse()).transpose().map_err(|_| broken("pin"))?,
                    folder,
                    interval,
                },
                revision: row.revision,
                observed_revision: row.observed_revision,
                credential_generation: row.credential_generation,
                observed: row.observed.map(serde_json::from_value).transpose().map_err(|_| broken("observed"))?,
                desired_commit: row.desired_commit,
                reviewed_commit: row.reviewed_commit,
                compared: (row.compared_head, row.compared_pin),
                has_namespace: row.has_namespace,
            })
        })
        .collect()
}
