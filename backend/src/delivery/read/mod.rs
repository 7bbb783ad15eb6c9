//! What people see of deliveries. Whose they are stands in the SQL itself.

mod history;
mod pinned;

use std::collections::HashMap;

use domain::{
    access::Viewer,
    catalog::EntityRef,
    delivery::{ImageRef, Observed, Trouble, troubles},
};
use serde::Serialize;
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;
use uuid::Uuid;

pub use self::{
    history::{CommitView, EventView, ReleaseView, commits},
    pinned::PinnedView,
};
use crate::{Db, Error, Result};

/// Nothing that was not looked at for so long counts as known.
const STALE_AFTER: Duration = Duration::minutes(5);
const MAX_PAGE: i64 = 100;

/// What to list. Team and service are the names of their catalog entities.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    pub team: Option<String>,
    pub service: Option<String>,
    /// `next_cursor` of the page before.
    pub after: Option<String>,
    /// 1 to 100; 50 when absent.
    pub limit: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct DeliveryPage {
    pub items: Vec<DeliveryView>,
    pub next_cursor: Option<String>,
}

/// One environment of a service: what should run beside what does.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    #[serde(skip)]
    pub id: Uuid,
    pub service: EntityRef,
    pub team: EntityRef,
    pub environment: String,
    pub cluster: String,
    pub namespace: String,
    /// Owner and name at the Git host.
    pub repository: String,
    pub clone_url: Option<String>,
    pub web_url: Option<String>,
    pub branch: String,
    pub folder: String,
    /// The one commit that runs until a change is approved; null where the branch is followed.
    pub pinned: Option<PinnedView>,
    /// The pinned commit or else the head of the branch, and the images that the overlay names there.
    pub desired_commit: Option<String>,
    pub desired_images: Vec<String>,
    /// The last commit that was applied in full, and the last one that was tried.
    pub synced_commit: Option<String>,
    pub attempted_commit: Option<String>,
    /// What the cluster last said; null before the first look.
    pub observed: Option<Observed>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub observed_at: Option<OffsetDateTime>,
    /// The look is too old to count as known.
    pub is_stale: bool,
    /// The workloads run the image that the service was started on.
    pub runs_starter: bool,
    /// What stands in the way, in the words of who says so.
    pub troubles: Vec<Trouble>,
    /// Why the platform itself could not do its part.
    pub problem: Option<String>,
    /// What was in force here, the latest first.
    pub releases: Vec<ReleaseView>,
    #[serde(skip)]
    pub events: Vec<EventView>,
}

struct Row {
    delivery_id: Uuid,
    service: String,
    team: String,
    environment: String,
    cluster: String,
    namespace: String,
    repository: String,
    clone_url: Option<String>,
    web_url: Option<String>,
    branch: String,
    folder: String,
    starter_image: Option<String>,
    desired_commit: Option<String>,
    desired_images: Vec<String>,
    synced_commit: Option<String>,
    attempted_commit: Option<String>,
    observed: Option<serde_json::Value>,
    observed_at: Option<OffsetDateTime>,
    problem: Option<String>,
    now: OffsetDateTime,
}

impl DeliveryView {
    /// The version that the workloads name, of the first image.
    pub fn version(&self) -> Option<String> {
        let observed = self.observed.as_ref()?;
        observed.images().first().map(|image| ImageRef::parse(image).version())
    }

    /// Everything that should run does, and it is what should.
    pub fn is_well(&self) -> bool {
        let is_available = self.observed.as_ref().is_some_and(Observed::is_available);
        is_available && !self.is_stale && self.problem.is_none() && self.troubles.is_empty() && self.is_synced()
    }

    pub fn is_synced(&self) -> bool {
        self.synced_commit.is_some() && self.synced_commit == self.desired_commit
    }
}

/// Deliveries of the viewer's teams, or all of them for the platform team; the environments of a service together, in
/// the order in which a change travels.
pub async fn list(viewer: &Viewer, db: &Db, filter: &DeliveryFilter) -> Result<DeliveryPage> {
    let limit = filter.limit.unwrap_or(50).clamp(1, MAX_PAGE);
    // A service is never cut in two: the page is one of services.
    let mut services = sqlx::query_scalar!(
        "select distinct s.repository from delivery d join delivery_source s using (source_id)
             join tenant_namespace n using (namespace_id)
         where ($1 or n.team = any($2)) and ($3::text is null or n.team = $3) and ($4::text is null or n.service = $4)
           and s.repository > $5
         order by s.repository limit $6",
        viewer.sees_all_teams(),
        &viewer.teams,
        filter.team,
        filter.service,
        filter.after.as_deref().unwrap_or_default(),
        limit + 1,
    )
    .fetch_all(&db.pool)
    .await?;
    let has_more = services.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        services.pop();
    }
    let next_cursor = services.last().filter(|_| has_more).cloned();
    Ok(DeliveryPage { items: views(viewer, db, &services).await?, next_cursor })
}

/// The environments of one service; none when it has none or is somebody else's.
pub async fn of_service(viewer: &Viewer, db: &Db, service: &EntityRef) -> Result<Vec<DeliveryView>> {
    if service.kind() != "component" || service.namespace() != "default" {
        return Ok(Vec::new());
    }
    let filter = DeliveryFilter { service: Some(service.name().to_owned()), ..DeliveryFilter::default() };
    Ok(list(viewer, db, &filter).await?.items)
}

/// The environments of these repositories.
pub(crate) async fn views(viewer: &Viewer, db: &Db, repositories: &[String]) -> Result<Vec<DeliveryView>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select d.delivery_id, n.service, n.team, n.environment, k.name as cluster, n.name as namespace, s.repository,
                  s.clone_url, s.web_url, s.branch, d.folder, d.starter_image, d.desired_commit, d.desired_images,
                  d.synced_commit, d.attempted_commit, d.observed, d.observed_at, d.problem, now() as "now!"
           from delivery d join delivery_source s using (source_id) join tenant_namespace n using (namespace_id)
               join cluster k on k.cluster_id = n.cluster_id
           where s.repository = any($1) and ($2 or n.team = any($3))
           order by s.repository, array_position(array['dev', 'test', 'staging', 'prod', 'production'], n.environment), n.name"#,
        repositories,
        viewer.sees_all_teams(),
        &viewer.teams,
    )
    .fetch_all(&db.pool)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.delivery_id).collect();
    let mut releases = history::releases(db, &ids).await?;
    let mut events = history::events(db, &ids).await?;
    let mut pinned = pinned::of(db, &ids).await?;
    let mut views: Vec<DeliveryView> =
        rows.into_iter().map(|row| view(row, &mut releases, &mut events)).collect::<Result<_>>()?;
    for view in &mut views {
        view.pinned = pinned.remove(&view.id);
    }
    Ok(views)
}

fn view(
    row: Row,
    releases: &mut HashMap<Uuid, Vec<ReleaseView>>,
    events: &mut HashMap<Uuid, Vec<EventView>>,
) -> Result<DeliveryView> {
    let broken = |what: &str| Error::internal(format!("delivery {}: {what} is not readable", row.delivery_id));
    let observed: Option<Observed> =
        row.observed.map(serde_json::from_value).transpose().map_err(|_| broken("observed"))?;
    let is_starter = |image: &&str| row.starter_image.as_deref() == Some(*image);
    Ok(DeliveryView {
        id: row.delivery_id,
        service: EntityRef::new("component", "default", &row.service).map_err(|_| broken("service"))?,
        team: EntityRef::new("group", "default", &row.team).map_err(|_| broken("team"))?,
        runs_starter: observed.as_ref().is_some_and(|observed| observed.images().iter().any(is_starter)),
        troubles: observed.as_ref().map(troubles).unwrap_or_default(),
        is_stale: row.observed_at.is_none_or(|at| row.now - at > STALE_AFTER),
        releases: releases.remove(&row.delivery_id).unwrap_or_default(),
        events: events.remove(&row.delivery_id).unwrap_or_default(),
        environment: row.environment,
        cluster: row.cluster,
        namespace: row.namespace,
        repository: row.repository,
        clone_url: row.clone_url,
        web_url: row.web_url,
        branch: row.branch,
        folder: row.folder,
        pinned: None,
        desired_commit: row.desired_commit,
        desired_images: row.desired_images,
        synced_commit: row.synced_commit,
        attempted_commit: row.attempted_commit,
        observed,
        observed_at: row.observed_at,
        problem: row.problem,
    })
}
